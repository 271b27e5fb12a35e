import { toolIn } from "../environment";
import type { Ports } from "../layout";
import type { PodImage } from "./pod-image";

/** What a host process must be told otherwise than a container, and why. */
export interface Override {
  /** Flag without dashes. */
  readonly flag: string;
  readonly value: string;
  readonly reason: string;
}

/** A controller of Flux that the kubelet's stand-in has a binary for. */
export interface Controller {
  /** Name of the tool. */
  readonly binary: string;
  readonly overrides: (ports: ControllerPorts) => readonly Override[];
  /** Whether it speaks to Azure. */
  readonly azure?: boolean;
}

export interface ControllerPorts extends Pick<Ports, "artifacts" | "events" | "receiver"> {
  readonly health: number;
}

/** For every controller: containers have a network of their own, host processes share one. */
function shared({ health }: ControllerPorts): Override[] {
  return [
    {
      flag: "health-addr",
      value: `127.0.0.1:${health}`,
      reason: "port 9440 of all interfaces can be had only once on a host",
    },
    {
      flag: "metrics-addr",
      value: "127.0.0.1:0",
      reason: "port 8080 of all interfaces can be had only once on a host",
    },
    {
      flag: "enable-leader-election",
      value: "false",
      reason: "there is one process; a lease left by a killed one would only delay the next",
    },
  ];
}

/** For every controller that reports events. */
function reporting({ events }: ControllerPorts): Override {
  return {
    flag: "events-addr",
    value: `http://127.0.0.1:${events}/`,
    reason: "no cluster DNS: events are posted to where notification-controller takes them",
  };
}

/**
 * By the name of the Deployment, which is also the last part of its image's. Everything else about the process comes from
 * its Deployment.
 */
export const CONTROLLERS: ReadonlyMap<string, Controller> = new Map([
  [
    "source-controller",
    {
      binary: "source-controller",
      overrides: (ports) => [
        ...shared(ports),
        reporting(ports),
        {
          flag: "storage-addr",
          value: `127.0.0.1:${ports.artifacts}`,
          reason: "listens on all interfaces by default",
        },
        {
          flag: "storage-adv-addr",
          value: `127.0.0.1:${ports.artifacts}`,
          reason: "no cluster DNS: artifacts are fetched from where they are served",
        },
      ],
    },
  ],
  [
    "kustomize-controller",
    {
      binary: "kustomize-controller",
      azure: true,
      overrides: (ports) => [
        ...shared(ports),
        reporting(ports),
        {
          flag: "no-remote-bases",
          value: "true",
          reason: "remote bases are fetched by the host's git, with the person's keys for ssh",
        },
      ],
    },
  ],
  [
    "notification-controller",
    {
      binary: "notification-controller",
      overrides: (ports) => [
        ...shared(ports),
        {
          flag: "events-addr",
          value: `127.0.0.1:${ports.events}`,
          reason: "takes events on all interfaces by default",
        },
        {
          flag: "receiverAddr",
          value: `127.0.0.1:${ports.receiver}`,
          reason: "takes webhooks on all interfaces by default",
        },
      ],
    },
  ],
]);

/** The container image of one of them. */
export function controllerImage(name: string): PodImage | undefined {
  const controller = CONTROLLERS.get(name);
  if (!controller) return undefined;
  return {
    name,
    imageName: name,
    command: (tools) => [toolIn(tools, controller.binary)],
    arguments: (wished, ports) => overridden(wished, controller.overrides(ports)),
    health: ({ health }) => `http://127.0.0.1:${health}/readyz`,
    variables: /^$/,
    azure: controller.azure ?? false,
  };
}

/** `ghcr.io/fluxcd/source-controller:v1.9.3` → `source-controller`. */
export function imageName(image: string): string {
  return (
    image
      .replace(/@.*$/, "")
      .replace(/:[^/]*$/, "")
      .split("/")
      .pop() ?? ""
  );
}

/** The arguments with each overridden flag replaced. Ours come first, where no `--` or flag without a value can hide them. */
export function overridden(args: readonly string[], overrides: readonly Override[]): string[] {
  const flags = new Set(overrides.map(({ flag }) => `--${flag}`));
  return [
    ...overrides.map(({ flag, value }) => `--${flag}=${value}`),
    ...args.filter((arg) => !flags.has(arg.split("=", 1)[0] ?? "")),
  ];
}

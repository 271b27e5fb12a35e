import type { ToolPaths } from "../../toolchain/tool-builder";
import type { Ports } from "../layout";
import type { ControllerPorts } from "./controllers";

/** Ports that a pod's process may need to know: the sandbox's, and one for its health. */
export type PodPorts = ControllerPorts & Ports;

/** A container image that the kubelet's stand-in can run as a process of the host. */
export interface PodImage {
  /** Name of the Deployment. */
  readonly name: string;
  /** Last part of the image's name. */
  readonly imageName: string;
  /** What a container has to say as its command; absent for an image that has an entry point, which none may replace. */
  readonly program?: string;
  /** That program on the host: a file, and what comes before the container's own arguments. */
  readonly command: (tools: ToolPaths) => readonly string[];
  /** The container's arguments as a process of the host is to be told them. */
  readonly arguments: (wished: readonly string[], ports: PodPorts) => readonly string[];
  /** Where it says whether it is ready. */
  readonly health: (ports: PodPorts) => string;
  /** Variables that it may be given beside those that any may. */
  readonly variables: RegExp;
  /** Whether it speaks to Azure. */
  readonly azure: boolean;
}

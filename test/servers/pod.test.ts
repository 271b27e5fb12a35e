import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import {
  CONTROLLERS,
  controllerImage,
  imageName,
  overridden,
} from "../../sandbox/servers/cluster/controllers";
import { refuseOtherProgram, refuseUnsafe } from "../../sandbox/servers/cluster/host-safety";
import { environmentOf, expand } from "../../sandbox/servers/cluster/pod-environment";
import type { PodImage } from "../../sandbox/servers/cluster/pod-image";
import { hostArguments, hostEnvironment, mountsOf } from "../../sandbox/servers/cluster/pod-process";
import { PodNotReady, type PodSource } from "../../sandbox/servers/cluster/pod-source";
import { writeVolumes } from "../../sandbox/servers/cluster/pod-volumes";
import { parseQuantity } from "../../sandbox/servers/cluster/quantity";
import { RELAY } from "../../sandbox/servers/cluster/relay-image";
import { temporaryFolders } from "./temporary-folder";

const temporary = temporaryFolders();

const source: PodSource = {
  namespace: "flux-system",
  podName: "kustomize-controller-1",
  serviceAccount: "kustomize-controller",
  configMap: async (name) => (name === "settings" ? { level: "debug", "ca.crt": "CA" } : undefined),
  secret: async (name) => (name === "keys" ? { key: "secret value" } : undefined),
  token: async (audience) => `token for ${audience ?? "the API server"}`,
};

const container: V1Container = {
  name: "manager",
  image: "ghcr.io/fluxcd/kustomize-controller:v1.9.5",
  resources: { limits: { memory: "1Gi", cpu: "1500m" } },
  env: [
    { name: "RUNTIME_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    { name: "GREETING", value: "in $(RUNTIME_NAMESPACE), not $$(RUNTIME_NAMESPACE), $(UNKNOWN)" },
    { name: "GOMEMLIMIT", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
    { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } },
    { name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "key" } } },
    { name: "ABSENT", valueFrom: { configMapKeyRef: { name: "settings", key: "no", optional: true } } },
    { name: "VAULT_CACERT", value: "/etc/vault-ca/ca.crt" },
  ],
  args: [
    "--watch-all-namespaces",
    "--storage-path=/data",
    "--adv=source.$(RUNTIME_NAMESPACE).svc",
    "/data/x",
    "--etc=/etcetera",
  ],
  volumeMounts: [
    { name: "data", mountPath: "/data" },
    { name: "vault-ca", mountPath: "/etc/vault-ca/" },
    { name: "data", mountPath: "/data/deep", subPath: "sub" },
  ],
};

describe("a pod's environment", () => {
  test("has every kind of variable, in order", async () => {
    expect(await environmentOf(container, source)).toEqual({
      RUNTIME_NAMESPACE: "flux-system",
      GREETING: "in flux-system, not $(RUNTIME_NAMESPACE), $(UNKNOWN)",
      GOMEMLIMIT: "1073741824",
      LEVEL: "debug",
      KEY: "secret value",
      VAULT_CACERT: "/etc/vault-ca/ca.crt",
    });
  });

  test("takes whole ConfigMaps and Secrets", async () => {
    const envFrom = [{ configMapRef: { name: "settings" }, prefix: "S_" }, { secretRef: { name: "keys" } }];
    expect(await environmentOf({ name: "c", envFrom }, source)).toEqual({
      S_level: "debug",
      "S_ca.crt": "CA",
      key: "secret value",
    });
  });

  test.each([
    [{ configMapKeyRef: { name: "none", key: "k" } }, "configmap flux-system/none has no key k"],
    [{ secretKeyRef: { name: "keys", key: "k" } }, "secret flux-system/keys has no key k"],
    [{ fieldRef: { fieldPath: "metadata.uid" } }, "the field metadata.uid is not known to the stand-in"],
    [{ resourceFieldRef: { resource: "limits.disk" } }, "the container has no limits.disk"],
  ])("waits for what is missing: %j", async (valueFrom, message) => {
    const one = { name: "c", env: [{ name: "X", valueFrom }] };
    await expect(environmentOf(one, source)).rejects.toThrow(message);
  });

  test("amounts are read as Kubernetes writes them", () => {
    expect(["1Gi", "64Mi", "1500m", "2", "1k"].map(parseQuantity)).toEqual([
      1073741824, 67108864, 1.5, 2, 1000,
    ]);
    expect(() => parseQuantity("much")).toThrow('"much" is no amount the stand-in can read');
  });

  test("dollar signs stay where they name nothing", () => {
    expect(expand("$5 and $(A)", { A: "x" })).toBe("$5 and x");
  });
});

describe("a pod's paths on the host", () => {
  const mounts = mountsOf(container, "/pod");

  test("arguments point into the volumes; the innermost mount wins", () => {
    expect(hostArguments(container, { RUNTIME_NAMESPACE: "flux-system" }, mounts)).toEqual([
      "--watch-all-namespaces",
      "--storage-path=/pod/volumes/data",
      "--adv=source.flux-system.svc",
      "/pod/volumes/data/x",
      "--etc=/etcetera",
    ]);
    expect(hostEnvironment({ A: "/data/deep/file", B: "/database" }, mounts)).toEqual({
      A: "/pod/volumes/data/sub/file",
      B: "/database",
    });
    expect(hostEnvironment({ VAULT_CACERT: "/etc/vault-ca/ca.crt" }, mounts)).toEqual({
      VAULT_CACERT: "/pod/volumes/vault-ca/ca.crt",
    });
  });

  test("volumes are written for their owner only and kept up to date", async () => {
    const folder = temporary();
    const volumes = [
      { name: "data", emptyDir: {} },
      { name: "ca", configMap: { name: "settings", items: [{ key: "ca.crt", path: "deep/ca.pem" }] } },
      { name: "keys", secret: { secretName: "keys" } },
      { name: "token", projected: { sources: [{ serviceAccountToken: { audience: "vault", path: "t" } }] } },
    ];
    await writeVolumes(volumes, folder, source);
    const file = (path: string) => join(folder, "volumes", path);
    expect(readFileSync(file("ca/deep/ca.pem"), "utf8")).toBe("CA");
    expect(readFileSync(file("keys/key"), "utf8")).toBe("secret value");
    expect(readFileSync(file("token/t"), "utf8")).toBe("token for vault");
    expect(statSync(file("keys/key")).mode & 0o777).toBe(0o600);

    await writeVolumes([{ name: "keys", secret: { secretName: "keys" } }], folder, {
      ...source,
      secret: async () => ({ other: "new" }),
    });
    expect(readFileSync(file("keys/other"), "utf8")).toBe("new");
    expect(() => statSync(file("keys/key"))).toThrow("ENOENT");
  });

  test.each([
    [{ name: "v", configMap: { name: "none" } }, "configmap flux-system/none does not exist"],
    [
      { name: "v", secret: { secretName: "keys", items: [{ key: "k", path: "p" }] } },
      "secret flux-system/keys has no key k",
    ],
    [{ name: "v", hostPath: { path: "/" } }, "volume v is of a kind that the stand-in does not know"],
  ])("a volume that cannot be had is told: %j", async (volume, message) => {
    await expect(writeVolumes([volume], temporary(), source)).rejects.toThrow(message);
  });
});

describe("what a Deployment may not say", () => {
  const refused = (args: string[], variables = {}) => {
    try {
      refuseUnsafe(args, variables, "/pod", /^$/);
    } catch (error) {
      return error instanceof PodNotReady ? error.message : error;
    }
    return undefined;
  };

  test.each([
    [["--kubeconfig=x"], "the sandbox does not take --kubeconfig"],
    [["--kubeconfig", "x"], "the sandbox does not take --kubeconfig"],
    [["--insecure-kubeconfig-exec"], "the sandbox does not take --insecure-kubeconfig-exec"],
    [
      ["--storage-path=/etc"],
      "the path in --storage-path=/etc lies in no volume of the pod; mount one there",
    ],
    [
      ["--storage-path", "/pod/volumes/../x"],
      "the path in /pod/volumes/../x lies in no volume of the pod; mount one there",
    ],
    [["/podium"], "the path in /podium lies in no volume of the pod; mount one there"],
    [["--watch-all-namespaces", "--storage-path=/pod/volumes/data", "--events-addr=http://n./"], undefined],
  ])("%j", (args, reason) => {
    expect(refused(args)).toBe(reason);
  });

  test.each(["GIT_SSH_COMMAND", "XDG_CONFIG_HOME", "LD_PRELOAD", "AWS_CONFIG_FILE", "SOPS_AGE_KEY_CMD"])(
    "%s",
    (name) => {
      expect(refused([], { VAULT_CACERT: "", [name]: "x" })).toBe(
        `the sandbox does not take the variable ${name}: it may reach programs of the host`,
      );
    },
  );

  test("what Flux and this program set, and what is ours anyway, passes", () => {
    const names = ["RUNTIME_NAMESPACE", "TUF_ROOT", "GOMAXPROCS", "GOMEMLIMIT", "SOPS_HC_VAULT_ALLOWLIST"];
    const others = ["VAULT_CACERT", "HTTPS_PROXY", "no_proxy", "SSL_CERT_FILE", "HOME", "PATH"];
    expect(refused([], Object.fromEntries([...names, ...others].map((name) => [name, "x"])))).toBeUndefined();
  });
});

describe("the program that a container names", () => {
  const refused = (command: string[] | undefined, image: PodImage | undefined) => {
    if (!image) throw new Error("there is no such image");
    const asked = { name: "c", ...(command && { command }) };
    return () => refuseOtherProgram(asked, image);
  };

  test("is the relay's own, whose image starts a shell by itself", () => {
    expect(refused(["sopsloop"], RELAY)).not.toThrow();
    for (const command of [undefined, ["sh"], ["sopsloop", "status"]])
      expect(refused(command, RELAY)).toThrow(
        new PodNotReady('the sandbox runs sopsloop-relay by the command ["sopsloop"] only'),
      );
  });

  test("is none for a controller, whose image knows what it starts", () => {
    const image = controllerImage("kustomize-controller");
    expect(refused(undefined, image)).not.toThrow();
    expect(refused(["sh"], image)).toThrow(
      new PodNotReady("the sandbox runs kustomize-controller without a command only"),
    );
  });
});

describe("what a host process is told otherwise", () => {
  test.each([
    ["ghcr.io/fluxcd/source-controller:v1.9.3", "source-controller"],
    ["registry:5000/source-controller@sha256:abc", "source-controller"],
    ["kustomize-controller", "kustomize-controller"],
  ])("%s is %s", (image, name) => {
    expect(imageName(image)).toBe(name);
  });

  test("only addresses, leader election and remote bases, each with a reason", () => {
    const ports = { health: 1, artifacts: 2, events: 3, receiver: 4 };
    const flags = (name: string) =>
      CONTROLLERS.get(name)
        ?.overrides(ports)
        .map(({ flag }) => flag);
    const everywhere = ["health-addr", "metrics-addr", "enable-leader-election", "events-addr"];
    expect(flags("kustomize-controller")).toEqual([...everywhere, "no-remote-bases"]);
    expect(flags("source-controller")).toEqual([...everywhere, "storage-addr", "storage-adv-addr"]);
    expect(flags("notification-controller")).toEqual([...everywhere, "receiverAddr"]);
    for (const { overrides } of CONTROLLERS.values())
      for (const one of overrides(ports)) expect(one.reason).not.toBe("");
  });

  test("an overridden flag is replaced, every other argument stays", () => {
    const overrides = [{ flag: "enable-leader-election", value: "false", reason: "one process" }];
    expect(
      overridden(["--a=1", "--enable-leader-election", "--enable-leader-election-x", "--"], overrides),
    ).toEqual(["--enable-leader-election=false", "--a=1", "--enable-leader-election-x", "--"]);
  });
});

import { decryptingKustomizations } from "../../kubernetes/flux-objects";
import type { Kubectl } from "../../kubernetes/kubectl";
import { type Controller, Fault, type Probe, Skip } from "../probe";

interface Deployment {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly containers: readonly {
          readonly image: string;
          readonly args?: readonly string[];
          readonly env?: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
  readonly status?: { readonly availableReplicas?: number };
}

interface NetworkPolicy {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly podSelector?: object };
}

const LABEL = "app.kubernetes.io/component=kustomize-controller";
const RESTORE = "pulumi up --refresh";

/** @throws Fault where the cluster has none. */
export async function controllerOf(kubectl: Kubectl): Promise<Controller> {
  const list = await kubectl.get<{ readonly items: readonly Deployment[] }>([
    "deployments",
    "--all-namespaces",
    `--selector=${LABEL}`,
  ]);
  const [deployment] = list?.items ?? [];
  const [container] = deployment?.spec.template.spec.containers ?? [];
  if (!deployment || !container)
    throw new Fault("the cluster has no kustomize-controller", "flux check; flux install");
  return {
    ...deployment.metadata,
    serviceAccount: deployment.spec.template.spec.serviceAccountName ?? "default",
    image: container.image,
    args: container.args ?? [],
    env: Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? ""])),
    available: deployment.status?.availableReplicas ?? 0,
  };
}

/** Version of the controller from its image; undefined for an image without one. */
export function controllerVersion(image: string): readonly [number, number] | undefined {
  const [, major, minor] = /:v(\d+)\.(\d+)\./.exec(image) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

export const flux: readonly Probe[] = [
  {
    id: "controller",
    title: "kustomize-controller knows Vault",
    needs: [],
    run: async ({ declared, controller }) => {
      const found = await controller();
      const show = `kubectl -n ${found.namespace} get deployment ${found.name} -o yaml; ${RESTORE}`;
      const version = controllerVersion(found.image);
      if (version && (version[0] < 1 || (version[0] === 1 && version[1] < 9)))
        throw new Fault(
          `${found.image} cannot log in to Vault: that came with 1.9 (Flux 2.9)`,
          "flux version; flux install --version=v2.9.2",
        );
      const has = (flag: string) => found.args.some((arg) => arg.startsWith(flag));
      if (!has("--sops-vault-configmap="))
        throw new Fault("its flag --sops-vault-configmap is gone, as after flux install", show);
      if (
        version?.[1] === 9 &&
        !found.args.some((arg) => /^--feature-gates=.*ObjectLevelWorkloadIdentity=true/.test(arg))
      )
        throw new Fault("its feature gate ObjectLevelWorkloadIdentity is off", show);
      const allowed = found.env.SOPS_HC_VAULT_ALLOWLIST;
      if (allowed !== undefined && !`${declared.vaultAddress}/`.startsWith(allowed))
        throw new Fault(
          `its SOPS_HC_VAULT_ALLOWLIST is ${allowed}, which leaves out ${declared.vaultAddress}`,
          show,
        );
      if (found.available < 1)
        throw new Fault("it does not run", `kubectl -n ${found.namespace} describe deployment ${found.name}`);
      return `${found.namespace}/${found.name}, ${found.image.replace(/^.*\//, "")}`;
    },
  },
  {
    id: "vault-config",
    title: "Address: ConfigMap = .sops.yaml = audience",
    needs: ["controller"],
    run: async ({ declared, controller, kubectl, logins }) => {
      const { namespace, args } = await controller();
      const name = args.find((arg) => arg.startsWith("--sops-vault-configmap="))?.split("=")[1] ?? "";
      const show = `kubectl -n ${namespace} get configmap ${name} -o yaml; ${RESTORE}`;
      const map = await kubectl.get<{ data?: Record<string, string> }>([
        "configmap",
        name,
        `--namespace=${namespace}`,
      ]);
      if (!map) throw new Fault(`the ConfigMap ${namespace}/${name} is gone`, show);
      const text = Object.values(map.data ?? {}).join("\n");
      const addresses = [...text.matchAll(/address:\s*"?([^\s"]+)/g)].map(([, address]) => address);
      const address = declared.vaultAddress;
      if (!addresses.includes(address))
        throw new Fault(
          `it lists ${addresses.join(", ") || "no address"}, not ${address}, character for character`,
          show,
        );
      if (!text.includes(declared.loginPath))
        throw new Fault(`it does not name the login path ${declared.loginPath}`, show);
      if (!declared.sopsConfig.includes(`${address}/`))
        throw new Fault(`.sops.yaml names another Vault than ${address}`, "pulumi stack output sopsConfig");
      const other = logins.decryptors.find(({ role }) => role.audience !== address);
      if (other)
        throw new Fault(
          `${other.role.name} expects the audience ${other.role.audience}`,
          "pulumi stack output audit",
        );
      return address;
    },
  },
  {
    id: "vault-ca",
    title: "kustomize-controller has Vault's CA",
    needs: ["controller"],
    run: async ({ controller, kubectl }) => {
      const { namespace, name, env } = await controller();
      if (env.VAULT_CACERT === undefined) throw new Skip("VAULT_CACERT is not set: a public CA");
      const map = await kubectl.get<{ data?: Record<string, string> }>([
        "configmap",
        "sopsloop-vault-ca",
        `--namespace=${namespace}`,
      ]);
      const file = env.VAULT_CACERT.replace(/^.*\//, "");
      if (!map?.data?.[file]?.includes("BEGIN CERTIFICATE"))
        throw new Fault(
          `VAULT_CACERT of ${name} names ${file}, which the ConfigMap sopsloop-vault-ca does not have`,
          `kubectl -n ${namespace} get configmap sopsloop-vault-ca -o yaml; ${RESTORE}`,
        );
      return env.VAULT_CACERT;
    },
  },
  {
    id: "token-request",
    title: "kustomize-controller may ask for the decryptors' tokens",
    needs: ["controller"],
    run: async ({ controller, kubectl, logins }) => {
      const own = await controller();
      for (const { namespace, serviceAccount } of logins.decryptors) {
        const words = [
          "create",
          `serviceaccounts/${serviceAccount}`,
          "--subresource=token",
          `--namespace=${namespace}`,
        ];
        const who = `--as=system:serviceaccount:${own.namespace}:${own.serviceAccount}`;
        const { stdout } = await kubectl.try(["auth", "can-i", ...words, who]);
        if (stdout.trim() !== "yes")
          throw new Fault(
            `it may not: Flux cannot log in as ${namespace}/${serviceAccount}`,
            `kubectl auth can-i ${words.join(" ")} ${who}; ${RESTORE}`,
          );
      }
      return logins.decryptors
        .map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`)
        .join(", ");
    },
  },
  {
    id: "network-policies",
    title: "Network policies are in place",
    needs: ["controller"],
    run: async ({ controller, kubectl }) => {
      const { namespace } = await controller();
      const list = await kubectl.get<{ readonly items: readonly NetworkPolicy[] }>([
        "networkpolicies",
        `--namespace=${namespace}`,
      ]);
      const policies = list?.items ?? [];
      const own = policies
        .map(({ metadata }) => metadata.name)
        .filter((name) => name.startsWith("sopsloop-"));
      if (own.length === 0) throw new Skip("the program makes none (flux.networkPolicies is not set)");
      if (!own.includes("sopsloop-default-deny"))
        throw new Fault("sopsloop-default-deny is gone: Flux's pods may talk to everything", RESTORE);
      const stock = policies.find(({ metadata }) => metadata.name === "allow-egress");
      if (stock && Object.keys(stock.spec.podSelector ?? {}).length === 0)
        throw new Fault(
          "Flux's own allow-egress lets every pod out, whatever the others say",
          "pulumi config set --path sopsloop:flux.networkPolicies.stockPolicy present; pulumi up",
        );
      return own.join(", ");
    },
  },
  {
    id: "kustomizations",
    title: "Flux has applied what it decrypts",
    needs: ["controller"],
    run: async ({ declared, kubectl }) => {
      const live = await decryptingKustomizations(kubectl);
      const seen: string[] = [];
      for (const { namespace, kustomization } of declared.audit.decryption) {
        const name = `${namespace}/${kustomization}`;
        const found = live.find((one) => one.name === name);
        const show = `kubectl -n ${namespace} describe kustomization ${kustomization}`;
        if (!found)
          throw new Fault(`Kustomization ${name} is gone, or no longer decrypts`, `${show}; ${RESTORE}`);
        if (found.suspended)
          throw new Fault(
            `Kustomization ${name} is suspended`,
            `flux resume kustomization ${kustomization} -n ${namespace}`,
          );
        if (!found.ready) throw new Fault(`Kustomization ${name}: ${found.message}`, show);
        seen.push(`${name} at ${found.revision}`);
      }
      return seen.join(", ");
    },
  },
];

import { type Controller, Fault, type Probe } from "../probe";

/** Version of the controller from its image; undefined for an image without one. */
export function controllerVersion(image: string): readonly [number, number] | undefined {
  const [, major, minor] = /:v(\d+)\.(\d+)\./.exec(image) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** As sops compares: beginnings, each as it is written. */
export function isAllowed(address: string, list: string): boolean {
  if (list === "all") return true;
  return list.split(",").some((prefix) => prefix !== "" && `${address}/v1/`.startsWith(prefix.trim()));
}

export const controller: Probe = {
  id: "controller",
  title: "kustomize-controller knows Vault",
  needs: ["cluster"],
  run: async (context) => {
    const found = await context.controller();
    const show = `kubectl -n ${found.namespace} get deployment ${found.name} -o yaml; pulumi up --refresh`;
    const problem = problemOf(found, context.declared.vaultAddress);
    if (problem !== undefined) throw new Fault(problem, show);
    if (found.available < 1)
      throw new Fault("it does not run", `kubectl -n ${found.namespace} describe deployment ${found.name}`);
    return `${found.namespace}/${found.name}, ${found.image.replace(/^.*\//, "")}`;
  },
};

/** What is wrong with its flags and variables; undefined where nothing is. */
export function problemOf({ image, args, env }: Controller, address: string): string | undefined {
  const version = controllerVersion(image);
  if (version && (version[0] < 1 || (version[0] === 1 && version[1] < 9)))
    return `${image} cannot log in to Vault: that came with 1.9 (Flux 2.9); upgrade Flux`;
  if (!args.some((arg) => arg.startsWith("--sops-vault-configmap=")))
    return "its flag --sops-vault-configmap is gone, as after flux install";
  const gate = /^--feature-gates=.*ObjectLevelWorkloadIdentity=true/;
  if (version?.[1] === 9 && !args.some((arg) => gate.test(arg)))
    return "its feature gate ObjectLevelWorkloadIdentity is off, as after flux install";
  if (env.VAULT_TOKEN !== undefined) return "it has a static VAULT_TOKEN, which the loop does without";
  const allowed = env.SOPS_HC_VAULT_ALLOWLIST;
  if (allowed !== undefined && !isAllowed(address, allowed))
    return `its SOPS_HC_VAULT_ALLOWLIST is ${allowed}, which leaves out ${address}`;
  return undefined;
}

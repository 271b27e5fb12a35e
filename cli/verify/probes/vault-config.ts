import { parse } from "yaml";
import * as z from "zod";
import { Fault, type Probe } from "../probe";

/** As the controller reads it: one key, and nothing else in it. */
const instances = z.object({ instances: z.array(z.object({ address: z.string(), loginPath: z.string() })) });

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

/** Flux looks the address of a file up as an exact string, and asks for tokens with just this audience. */
export const vaultConfig: Probe = {
  id: "vault-config",
  title: "Address: ConfigMap = .sops.yaml = audience",
  needs: ["controller"],
  run: async ({ declared, controller, kubectl, logins }) => {
    const { namespace, args } = await controller();
    const name = args.find((arg) => arg.startsWith("--sops-vault-configmap="))?.split("=")[1] ?? "";
    const show = `kubectl -n ${namespace} get configmap ${name} -o yaml; pulumi up --refresh`;
    const map = await kubectl.get<ConfigMap>(["configmap", name, `--namespace=${namespace}`]);
    if (!map) throw new Fault(`the ConfigMap ${namespace}/${name} is gone`, show);
    const read = instances.safeParse(parsed(map.data?.["config.yaml"]));
    if (!read.success)
      throw new Fault(`the ConfigMap ${namespace}/${name} has no config.yaml that Flux can read`, show);
    const address = declared.vaultAddress;
    const known = read.data.instances;
    const entry = known.find((one) => one.address === address);
    if (!entry)
      throw new Fault(
        `it lists ${known.map((one) => one.address).join(", ") || "no address"}, not ${address}, character for character`,
        show,
      );
    if (entry.loginPath !== declared.loginPath)
      throw new Fault(`its login path is ${entry.loginPath}, declared is ${declared.loginPath}`, show);
    if (!declared.vaultTransitUri.startsWith(`${address}/`))
      throw new Fault(`.sops.yaml names another Vault than ${address}`, "pulumi stack output sopsConfig");
    const other = logins.decryptors.find(({ role }) => role.audience !== address);
    if (other)
      throw new Fault(
        `${other.role.name} expects the audience ${other.role.audience}`,
        "pulumi stack output audit",
      );
    return address;
  },
};

function parsed(text: string | undefined): unknown {
  try {
    return parse(text ?? "");
  } catch {
    return undefined;
  }
}

import type { AzureLook } from "../../azure/azure-look";
import { Fault, type Probe } from "../../probe";
import { fieldOf, listOf } from "../../vault-access";
import { azureProbe } from "./azure-probe";

/** sops encrypts and decrypts data keys; it neither wraps nor unwraps them, whatever that is called elsewhere. */
const OPERATIONS = ["decrypt", "encrypt"];

export function azureKey(look: AzureLook): Probe {
  return azureProbe("azure-key", "Azure's keys are as declared, and encrypt", ["azure-vault"], async () => {
    const seen: string[] = [];
    for (const declared of look.declared.keys) {
      const { url, vault, name, type, size } = declared;
      const key = await look.key(declared);
      const show = `az keyvault key show --vault-name ${vault} --name ${name}`;
      if (key.kty !== type || Number(key.keySize) !== size)
        throw new Fault(`${url} is ${key.kty} of ${key.keySize} bits, declared is ${type} of ${size}`, show);
      const operations = listOf(key.keyOps);
      if (operations.join() !== OPERATIONS.join())
        throw new Fault(
          `${url} is made to ${operations.join(", ")}, declared is ${OPERATIONS.join(", ")}`,
          `az keyvault key set-attributes --vault-name ${vault} --name ${name} --ops ${OPERATIONS.join(" ")}`,
        );
      const { enabled, exp } = fieldOf(key, "attributes") ?? {};
      const version =
        String(key.keyUriWithVersion ?? "")
          .split("/")
          .at(-1) ?? "";
      if (enabled === false)
        throw new Fault(
          `version ${version} of ${url}, the current, is disabled: nothing can be encrypted`,
          `az keyvault key set-attributes --id ${url}/${version} --enabled true`,
        );
      const ends = Number(exp ?? 0) * 1_000;
      if (ends > 0 && ends <= Date.now())
        throw new Fault(
          `version ${version} of ${url}, the current, has expired (${new Date(ends).toISOString().slice(0, 16)}Z): nothing can be encrypted`,
          `az keyvault key rotate --vault-name ${vault} --name ${name}`,
        );
      seen.push(`${url}, version ${version}`);
    }
    return seen.join("; ");
  });
}

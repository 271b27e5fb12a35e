import { CliError } from "../../errors/cli-error";
import { Fault, type Probe } from "../probe";

export const vault: Probe = {
  id: "vault",
  title: "Vault answers and is unsealed",
  needs: [],
  run: async ({ vault }) => {
    const next = `vault status -address=${vault.address}`;
    const state = await vault
      .atRoot()
      .read("sys/seal-status")
      .catch((error) => {
        throw error instanceof CliError ? new Fault(error.message, next) : error;
      });
    if (state?.initialized === false) throw new Fault("Vault is not initialised", "vault operator init");
    if (state?.sealed !== false)
      throw new Fault("Vault is sealed: nothing can be decrypted", "vault operator unseal");
    return `${vault.address}, version ${state.version}`;
  },
};

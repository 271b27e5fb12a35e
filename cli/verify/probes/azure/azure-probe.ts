import { CliError } from "../../../errors/cli-error";
import { Fault, type Probe, Skip } from "../../probe";

/** A probe of Azure. Where nobody is logged in it is skipped; where Azure is not to be reached or knows nobody it is a fault. */
export function azureProbe(id: string, title: string, needs: readonly string[], look: Probe["run"]): Probe {
  const run: Probe["run"] = async (context) => {
    try {
      return await look(context);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (error.exitCode === 2) throw new Skip(error.message);
      throw new Fault(error.message, "az account show; az login");
    }
  };
  return { id, title, needs, run };
}

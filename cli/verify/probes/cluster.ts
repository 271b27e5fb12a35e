import { CliError } from "../../errors/cli-error";
import { reasonOf } from "../../kubernetes/kubectl";
import { Fault, type Probe } from "../probe";

interface ServerVersion {
  readonly gitVersion?: string;
}

/** Whatever else is asked of the cluster would fail for the same reason. */
export const cluster: Probe = {
  id: "cluster",
  title: "The API server answers",
  needs: [],
  run: async ({ kubectl }) => {
    const next = "kubectl config get-contexts; kubectl get --raw /version";
    const { code, stdout, stderr } = await kubectl.try(["get", "--raw", "/version"]).catch((error) => {
      throw error instanceof CliError ? new Fault(error.message, next) : error;
    });
    if (code !== 0) throw new Fault(`${reasonOf(stderr)}; check KUBECONFIG and the context`, next);
    return `version ${(JSON.parse(stdout) as ServerVersion).gitVersion}`;
  },
};

import { serve } from "../engine/serve";
import { KubernetesProvider } from "./kubernetes-provider";

serve(new KubernetesProvider()).catch((error: unknown) => {
  process.stderr.write(
    `pulumi-resource-kubernetes: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
});

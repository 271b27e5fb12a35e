import { z } from "zod";
import { parseApiServerUrl } from "./addresses";
import { caSource, type ReadFile } from "./certificates";
import { expected, parsed, strict } from "./fields";

const HOST_EXAMPLE = "https://10.0.0.1:6443";

/** `sopsloop:kubernetes`. */
export const kubernetesSection = (readFile: ReadFile) =>
  strict({
    kubeconfig: z
      .string({ error: expected("a path relative to the project folder") })
      .min(1)
      .optional(),
    context: z
      .string({ error: expected("the name of a context in the kubeconfig") })
      .min(1)
      .optional(),
    host: parsed("the API server's URL as Vault reaches it", (value) =>
      parseApiServerUrl(value, HOST_EXAMPLE),
    ).optional(),
    ca: caSource(readFile).optional(),
  });

export type KubernetesSettings = z.output<ReturnType<typeof kubernetesSection>>;

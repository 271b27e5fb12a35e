import { DevStack } from "../dev-stack";
import { insideSandbox } from "../person-environment";
import { seconds } from "../processes/progress";
import { SandboxError } from "../processes/sandbox-error";
import { proveAzureRotation } from "../proof/prove-azure-rotation";
import { Layout } from "../servers/layout";

/** From the rotation to files that Flux has applied. */
const TARGET_MS = 15_000;

/** Rotates the key in Key Vault, and shows as it happens what comes of it. `make up` has to have run. */
export async function rotate(checkout: string): Promise<void> {
  const layout = Layout.dev(checkout);
  const { azure } = await new DevStack(checkout, layout).outputs();
  const [keyUrl] = azure?.keys ?? [];
  if (keyUrl === undefined) throw new SandboxError("the stack has no key in Azure; run make up");
  const { appliedMs } = await proveAzureRotation({
    layout,
    keyUrl,
    env: insideSandbox(layout),
    tell: (line) => console.log(line),
  });
  const met = appliedMs <= TARGET_MS ? "met" : "missed";
  console.log(
    `\nfrom the rotation to files that Flux has applied: ${seconds(appliedMs)} (${seconds(TARGET_MS)} at most: ${met})`,
  );
}

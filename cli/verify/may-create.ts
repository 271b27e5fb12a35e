import { type Kubectl, reasonOf } from "../kubernetes/kubectl";
import { Skip } from "./probe";

/** Whether a service account (`namespace:name`) may create something. Throws Skip where that may not be asked. */
export async function mayCreate(
  kubectl: Kubectl,
  account: string,
  words: readonly string[],
): Promise<boolean> {
  const who = `--as=system:serviceaccount:${account}`;
  const { stdout, stderr } = await kubectl.try(["auth", "can-i", "create", ...words, who]);
  const answer = stdout.trim();
  if (answer === "yes") return true;
  if (answer.startsWith("no")) return false;
  throw new Skip(`whether ${account} may is not told: ${reasonOf(stderr)}; ask for impersonate on it`);
}

import type { LimitFunction } from "p-limit";
import { Skip } from "../../../verify/probe";
import { fieldOf, listOf, type VaultAccess } from "../../../verify/vault-access";
import type { TokenKind } from "./facts";

/** Each has to be asked for by itself, and each look is a line in the audit log. */
const MOST = 2_000;

/**
 * Tokens that Vault keeps, by where they come from; batch tokens leave nothing to count. The one that asks is left out.
 *
 * @throws Skip where there are too many, or they may not be listed
 */
export async function tokenKinds(vault: VaultAccess, limit: LimitFunction): Promise<TokenKind[]> {
  const accessors = await vault.list("auth/token/accessors");
  if (accessors.length > MOST)
    throw new Skip(`Vault keeps ${accessors.length} tokens; more than ${MOST} are not looked at`);
  const own = (await vault.self()).data.accessor;
  const others = accessors.filter((accessor) => accessor !== own);
  const kinds = new Map<string, TokenKind>();
  await Promise.all(
    others.map((accessor) =>
      limit(async () => {
        const { status, body } = await vault.write("auth/token/lookup-accessor", { accessor });
        if (status === 403)
          throw new Skip("this token may not look tokens up (update on auth/token/lookup-accessor)");
        const token = fieldOf(body, "data");
        // Gone since it was listed.
        if (token === undefined) return;
        const [name, path] = [String(token.display_name), String(token.path)];
        const policies = [...new Set([...listOf(token.policies), ...listOf(token.identity_policies)])].sort();
        const id = JSON.stringify([name, path, policies]);
        kinds.set(id, { name, path, policies, count: (kinds.get(id)?.count ?? 0) + 1 });
      }),
    ),
  );
  return [...kinds.values()];
}

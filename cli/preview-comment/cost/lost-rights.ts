import type { AccessChange } from "../access/access-change";
import { listOf, says } from "../sentence";
import { deliveryLabel, roleIn, roleOf } from "./holders";
import type { Warning } from "./warnings";

/** Logins that stay and decrypt no more: by another policy, or by another text of the one they have. */
export function lostRights({ logins, deliveries }: AccessChange): Warning[] {
  return logins.pairs.flatMap(({ name, before, after }) => {
    const isLost = before?.rights.includes("decrypt") && after && !after.rights.includes("decrypt");
    if (!isLost || after.unknown.length > 0) return [];
    const concerned = deliveries.pairs.flatMap(({ after: delivery }) =>
      delivery && roleOf(delivery) === roleIn(name) ? [deliveryLabel(delivery)] : [],
    );
    return [
      {
        guard: "role",
        change: "update",
        lines: [
          says`Takes from the login ${name} the right to decrypt.`,
          ...(concerned.length > 0 ? [says`Flux decrypts no more: ${listOf(concerned)}.`] : []),
        ],
      },
    ];
  });
}

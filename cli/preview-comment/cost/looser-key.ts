import type { ResourceChange } from "../preview/preview";
import { type Sentence, says } from "../sentence";
import { keyName } from "./losses";

/** Settings of a transit key that open what was shut, once they are on. */
const OPENING: readonly (readonly [property: string, what: string])[] = [
  ["deletionAllowed", "be deleted in Vault"],
  ["exportable", "be taken out of Vault, for good: Vault never takes this back"],
  [
    "allowPlaintextBackup",
    "be taken out of Vault as a backup in clear, for good: Vault never takes this back",
  ],
];

/** The new oldest version that decrypts, where it is raised; undefined otherwise. */
export function raisedVersion({ type, before, after }: ResourceChange): number | undefined {
  if (type !== "vault:transit/secretBackendKey:SecretBackendKey") return undefined;
  const [old, now] = [before.minDecryptionVersion ?? 1, after.minDecryptionVersion];
  return typeof old === "number" && typeof now === "number" && now > old ? now : undefined;
}

/** What an update of a transit key lets happen that could not happen before. */
export function looserKey(change: ResourceChange): readonly Sentence[] {
  const { type, before, after } = change;
  if (type !== "vault:transit/secretBackendKey:SecretBackendKey") return [];
  const raised = raisedVersion(change);
  return [
    ...(raised === undefined
      ? []
      : [
          says`Raises the oldest version of ${keyName(change)} that decrypts to ${raised}: what older ones wrapped opens no more, until it is lowered again.`,
        ]),
    ...OPENING.filter(([property]) => after[property] === true && before[property] !== true).map(
      ([, what]) => says`Lets the key ${keyName(change)} ${[what]}.`,
    ),
  ];
}

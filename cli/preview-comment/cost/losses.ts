import type { ResourceChange } from "../preview/preview";
import { listOf, type Sentence, says } from "../sentence";
import type { Guard } from "./guarded";
import type { Holders, WhoLoses } from "./holders";

export interface Loss {
  readonly change: ResourceChange;
  readonly label: string;
  readonly whoLoses: WhoLoses;
}

/** What would stop working once one of these is deleted or replaced, in plain words. */
const LOSSES: Readonly<Record<Guard, (loss: Loss) => readonly Sentence[]>> = {
  key: ({ change, label }) => [
    change.kind === "replace"
      ? says`Replaces the ${[label]} ${keyName(change)}: the old one goes with all its versions. Nothing that they wrapped opens again, not by the new one either.`
      : says`Deletes the ${[label]} ${keyName(change)} with all its versions. Nothing that they wrapped opens again, and a new key of the same name does not bring it back.`,
  ],
  "key store": ({ change, label }) => [
    says`${[verbOf(change)]} the ${[label]} ${keyName(change)}, and every key in it goes with it, whatever protects the keys themselves.`,
  ],
  policy: ({ change, label, whoLoses }) => {
    const name = nameIn(change, "name", "roleName");
    return [
      says`${[verbOf(change)]} the ${[label]} ${name}${newName(change)}: whoever has it loses its rights at once, logged in or not.`,
      ...whoLines(isVault(change) ? whoLoses({ policy: name }) : undefined, "Logins that have it"),
    ];
  },
  role: ({ change, label, whoLoses }) => {
    const login = `auth/${nameIn(change, "backend", "name")}/role/${nameIn(change, "roleName")}`;
    const name = isVault(change) ? login : change.name;
    const meanwhile =
      change.kind === "replace"
        ? says`until the new one is there, and for good where its name is another, nobody gets in by it`
        : says`nobody gets in by it any more`;
    return [
      says`${[verbOf(change)]} the ${[label]} ${name}: ${meanwhile}.`,
      ...fluxLines(isVault(change) ? whoLoses({ login }) : undefined),
    ];
  },
  login: ({ change, label, whoLoses }) => {
    const name = isVault(change) ? `auth/${nameIn(change, "path", "type")}` : change.name;
    return [
      says`${[verbOf(change)]} the ${[label]} ${name}: nobody gets in by it any more, its roles go with it, and what was got by it is revoked at once.`,
      ...whoLines(isVault(change) ? whoLoses({ method: name }) : undefined, "Its roles"),
    ];
  },
};

export function lossesOf(guard: Guard, loss: Loss): readonly Sentence[] {
  if (loss.change.isRetained)
    return [
      says`Lets go of the ${[loss.label]} ${keyName(loss.change)}: it stays where it is (retainOnDelete), but nothing looks after it any more.`,
    ];
  return LOSSES[guard](loss);
}

/** `transit/keys/sops`; else what the program calls it. */
export function keyName({ type, before, name }: ResourceChange): string {
  const { backend, name: key, path } = before;
  if (!type.startsWith("vault:")) return name;
  if (typeof backend === "string" && typeof key === "string") return `${backend}/keys/${key}`;
  return typeof path === "string" ? path : name;
}

/** What a policy that is replaced is called from then on, where that is known and another name. */
function newName({ kind, before, after }: ResourceChange): Sentence {
  const isRenamed = kind === "replace" && typeof after.name === "string" && after.name !== before.name;
  return isRenamed ? says` by ${String(after.name)}` : says``;
}

function verbOf({ kind }: ResourceChange): string {
  return kind === "replace" ? "Replaces" : "Deletes";
}

function isVault({ type }: ResourceChange): boolean {
  return type.startsWith("vault:");
}

/** The first of these properties that has a text; else what the program calls the resource. */
function nameIn({ before, name }: ResourceChange, ...properties: readonly string[]): string {
  const found = properties.map((property) => before[property]).find((value) => typeof value === "string");
  return typeof found === "string" ? found : name;
}

function whoLines(holders: Holders | undefined, words: string): readonly Sentence[] {
  if (holders === undefined) return [says`Who that is, the preview does not tell.`];
  const { logins } = holders;
  if (logins.length === 0) return [says`No login of this stack is concerned.`];
  return [says`${[words]}: ${listOf(logins)}.`, ...fluxLines(holders)];
}

function fluxLines(holders: Holders | undefined): readonly Sentence[] {
  if (holders === undefined) return [];
  const { lost, interrupted, unclear } = holders;
  return [
    ...(lost.length > 0 ? [says`Flux decrypts no more: ${listOf(lost)}.`] : []),
    ...(interrupted.length > 0
      ? [says`Flux decrypts only after its next login again: ${listOf(interrupted)}.`]
      : []),
    ...(unclear.length > 0
      ? [says`By it Flux decrypts today, and it is not known whether it still will: ${listOf(unclear)}.`]
      : []),
  ];
}

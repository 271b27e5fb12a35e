/** The vault and the name in the id of a key or a secret. */
export function vaultAndName(id: string): readonly [vault: string, name: string] {
  const parts = id.split("/");
  return [parts.at(-3) ?? "", parts.at(-1) ?? ""];
}

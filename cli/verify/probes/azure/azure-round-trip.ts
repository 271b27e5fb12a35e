import { constants, publicEncrypt, randomBytes } from "node:crypto";
import type { CurrentKey } from "../../../backends/azure/key-vault";
import type { AzureDecryptors } from "../../azure/azure-decryptors";
import type { AzureLook } from "../../azure/azure-look";
import type { DeclaredAzureKey } from "../../declared-azure";
import { Fault, NotNeeded, type Probe, Skip } from "../../probe";
import { azureProbe } from "./azure-probe";

/** Encrypted here by the public half, as the vault would: no right to encrypt is needed for it. */
export function azureRoundTrip(look: AzureLook, decryptors: AzureDecryptors): Probe {
  return azureProbe(
    "azure-round-trip",
    "What Azure's keys encrypt, the service accounts decrypt",
    ["azure-key", "azure-login"],
    async ({ logins }) => {
      if (decryptors.all.length === 0) throw new NotNeeded("no service account has an identity in Azure");
      let unread: string | undefined;
      for (const key of look.declared.keys) {
        const current = await currentOf(key, look);
        if (typeof current === "string") unread = current;
        for (const account of decryptors.all) {
          const settings = await decryptors.as(account, logins);
          const flaw = await opening(look.keyVault(key, settings), current, await versionOf(key, look));
          if (flaw !== undefined)
            throw new Fault(
              `${account.identity.name}: ${flaw}`,
              `az role assignment list --scope ${await look.keyId(key)}; pulumi up --refresh`,
            );
        }
      }
      if (unread !== undefined)
        throw new Skip(`the accounts may decrypt; but nothing could be opened, since ${unread}`);
      return `opened as ${decryptors.all.map(({ identity }) => identity.name).join(", ")}`;
    },
  );
}

function currentOf(key: DeclaredAzureKey, look: AzureLook): Promise<CurrentKey | string> {
  const { vault, key: known } = look.keyVault(key);
  return vault.current(known);
}

async function versionOf(key: DeclaredAzureKey, look: AzureLook): Promise<string> {
  return (
    String((await look.key(key)).keyUriWithVersion ?? "")
      .split("/")
      .at(-1) ?? ""
  );
}

/** What is wrong, if anything. Without the public half, the vault's answer to nonsense still tells who may decrypt. */
async function opening(
  { vault, key }: ReturnType<AzureLook["keyVault"]>,
  current: CurrentKey | string,
  version: string,
): Promise<string | undefined> {
  const text = randomBytes(32);
  const known = typeof current === "string" ? undefined : current;
  const wrapped = known
    ? publicEncrypt(
        { key: known.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
        text,
      )
    : randomBytes(256);
  const opened = await vault.decrypt(key, known?.version.version ?? version, wrapped.toString("base64url"));
  if (typeof opened !== "string")
    return known && !opened.equals(text) ? "what it opened is something else" : undefined;
  return known || /does not let this identity|is disabled|is not made to/.test(opened) ? opened : undefined;
}

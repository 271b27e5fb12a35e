import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { CliError } from "../errors/cli-error";
import { digestInput } from "./digests/digest-input";
import { marked } from "./digests/digest-line";
import type { Digests } from "./digests/digests";
import type { DigestsByRule } from "./digests/digests-by-rule";
import { EncryptedCheck } from "./encrypt/encrypted-check";
import type { SopsEncrypt } from "./encrypt/sops-encrypt";
import type { FolderPlan, PlannedSecret } from "./folder-plan";

const SALT = 16;

/** Encrypts Secrets by sops. What one call has made serves again when the push has to be tried again. */
export class FreshFiles {
  private readonly made = new Map<string, string>();

  /**
   * Texts by path. Nothing is written. @throws CliError with the reasons of sops, and for what sops made that is not right.
   *
   * @param advance called after each.
   */
  async of(
    secrets: readonly PlannedSecret[],
    plan: FolderPlan,
    by: { readonly digests: DigestsByRule; readonly sops: SopsEncrypt },
    advance: () => void,
  ): Promise<ReadonlyMap<string, string>> {
    const check = new EncryptedCheck(plan.configs);
    // One more than there are processors: sops waits for its key server now and then.
    const limit = pLimit(availableParallelism() + 1);
    const encrypted = await Promise.all(
      secrets.map((secret) =>
        limit(async () => {
          const id = idOf(secret, plan);
          const known = this.made.get(id);
          if (known !== undefined) return { secret, id, text: known, known: true };
          const text = await encrypt(secret, check, by.sops).catch((error: unknown) => {
            // The others are not begun any more.
            limit.clearQueue();
            throw error;
          });
          advance();
          return { secret, id, text, known: false };
        }),
      ),
    );
    const texts = new Map(encrypted.map(({ secret, text }) => [secret.path, text]));
    const groups = new Map<Digests | undefined, typeof encrypted>();
    for (const each of encrypted.filter(({ known }) => !known)) {
      const digests = by.digests.for(each.secret.rule.rule);
      groups.set(digests, [...(groups.get(digests) ?? []), each]);
    }
    for (const [digests, group] of groups) {
      const salted = group.map((each) => ({ ...each, salt: randomBytes(SALT).toString("base64url") }));
      const inputs = salted.map(({ secret, text, salt }) =>
        digestInput(secret.content.manifest, secret.rule.rule, salt, text),
      );
      const made = await digests?.make(inputs);
      for (const [index, { secret, id, text, salt }] of salted.entries()) {
        const digest = made?.[index];
        const whole = marked(text, digest === undefined ? undefined : { salt, digest });
        texts.set(secret.path, whole);
        this.made.set(id, whole);
      }
    }
    return texts;
  }
}

async function encrypt(secret: PlannedSecret, check: EncryptedCheck, sops: SopsEncrypt): Promise<string> {
  const { path, rule, content } = secret;
  const text = await sops.encrypt(path, content.manifest, rule);
  const flaw = check.flawOfNew(path, text, content.manifest);
  if (flaw !== undefined) throw new CliError(`${path}: what sops made of it is not right: ${flaw}`);
  return text;
}

/** The file under the rules of the moment: with other rules it would be another one. */
function idOf({ path, rule }: PlannedSecret, plan: FolderPlan): string {
  return `${path}\n${rule.config}\n${plan.configs.texts.get(rule.config)}`;
}

import type { RuleOfFile, SopsConfigs } from "../rules/sops-configs";
import type { WantedKey } from "../rules/wanted-key";
import type { Recipient } from "../sops-file/recipient";
import type { EncryptedFile } from "../tree/tree";
import type { Check, Finding } from "./finding";

/** Neither updatekeys nor rotate reads these from the rule again, and neither has a flag for them. */
const ANEW = "sops never changes it in place: sops decrypt -i, then sops encrypt -i";

/** How a file differs from what its rule would make of it today. */
export function checkRule(file: EncryptedFile, configs: SopsConfigs): Finding[] {
  const found = configs.ruleFor(file.path);
  const finding = (check: Check, subject: string, message: string): Finding => ({
    check,
    path: file.path,
    line: 1,
    subject,
    message,
  });
  if (!found) {
    const config = configs.configFor(file.path);
    const why = config ? `no rule of ${config} matches it` : "there is no .sops.yaml at or above its folder";
    return [finding("no-rule", file.path, `${why}, so that nobody can say whom it should be encrypted for`)];
  }
  const rule = `${found.config}:${found.rule.line}`;
  const findings: Finding[] = [];
  const difference = recipientDifference(file, found);
  if (difference !== undefined)
    findings.push(
      finding("wrong-recipients", file.path, `${difference} (${rule}); run sops updatekeys ${file.path}`),
    );

  const groups = Math.max(groupsOf(file).length, found.rule.groups.length);
  const threshold = file.shamirThreshold ?? groupsOf(file).length;
  const wanted = found.rule.shamirThreshold;
  if (groups > 1 && threshold !== wanted) {
    findings.push(
      finding("wrong-threshold", file.path, `threshold ${threshold} instead of ${wanted} (${rule}); ${ANEW}`),
    );
  }
  findings.push(
    ...settingDifferences(file, found).map(({ name, message }) =>
      finding("wrong-settings", name, `${message} (${rule}); ${ANEW}`),
    ),
  );
  return findings;
}

/** sops compares group by group, by their position, and ignores the order within. */
function recipientDifference(file: EncryptedFile, { rule }: RuleOfFile): string | undefined {
  const has = groupsOf(file);
  const several = Math.max(has.length, rule.groups.length) > 1;
  const parts: string[] = [];
  for (let index = 0; index < Math.max(has.length, rule.groups.length); index++) {
    const recipients = has[index] ?? [];
    const wanted = rule.groups[index] ?? [];
    const where = several ? ` in group ${index + 1}` : "";
    const missing = wanted.filter((key) => !recipients.some((recipient) => isSame(recipient, key)));
    const extra = recipients.filter((recipient) => !wanted.some((key) => isSame(recipient, key)));
    if (missing.length > 0) parts.push(`lacks${where} ${missing.map(nameOf).join(", ")}`);
    if (extra.length > 0) parts.push(`has${where} ${extra.map(nameOf).join(", ")} too many`);
  }
  return parts.length > 0 ? parts.join("; ") : undefined;
}

function groupsOf(file: EncryptedFile): Recipient[][] {
  const groups: Recipient[][] = [];
  for (const recipient of file.recipients) {
    while (groups.length <= recipient.group) groups.push([]);
    groups[recipient.group]?.push(recipient);
  }
  return groups;
}

function isSame(recipient: Recipient, wanted: WantedKey): boolean {
  return (
    recipient.kind === wanted.kind &&
    recipient.key === wanted.key &&
    (wanted.version === undefined || recipient.version === wanted.version) &&
    (recipient.kind !== "kms" || (recipient.fields.role ?? "") === (wanted.role ?? ""))
  );
}

function nameOf({ key, version, kind }: WantedKey | Recipient): string {
  return kind === "azure_kv" && version !== undefined ? `${key}/${version}` : key;
}

function settingDifferences(file: EncryptedFile, { rule }: RuleOfFile): { name: string; message: string }[] {
  const differences: { name: string; message: string }[] = [];
  const { selector } = file;
  if (selector.name !== rule.selector.name || selector.value !== rule.selector.value) {
    const frozen = `${selector.name} ${selector.value}`;
    const wanted = `${rule.selector.name} ${rule.selector.value}`;
    differences.push({ name: rule.selector.name, message: `frozen with ${frozen}, the rule has ${wanted}` });
  }
  if (file.macOnlyEncrypted !== rule.macOnlyEncrypted) {
    const message = `frozen with mac_only_encrypted ${file.macOnlyEncrypted}, the rule has ${rule.macOnlyEncrypted}`;
    differences.push({ name: "mac_only_encrypted", message });
  }
  return differences;
}

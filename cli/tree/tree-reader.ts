import { posix } from "node:path";
import { CONFIG_NAME, SopsConfigs } from "../rules/sops-configs";
import { readSopsFile } from "../sops-file/read-sops-file";
import type { SopsFile } from "../sops-file/sops-file";
import { EncryptedFiles } from "./encrypted-file";
import { FluxCoverage } from "./flux-coverage";
import { type FluxKustomization, fluxKustomizations, mayHoldKustomization } from "./flux-kustomization";
import { documentsOf } from "./kubernetes-documents";
import { isKustomizationFile, KustomizeBuild, readKustomizationFile } from "./kustomize-build";
import { leftInTheClear } from "./left-in-the-clear";
import { mayHoldSecret, type PlainSecret, plainSecrets } from "./secrets";
import type { EncryptedFile, Tree, TreeProblem } from "./tree";
import type { TreeSource } from "./tree-source";

/** Formats in which a value that sops encrypted has no business without sops's own part. */
const STRUCTURED = /\.(ya?ml|json|env|ini)$/i;

/** Programs and documents quote sops files. Encrypted themselves, they are JSON. */
const QUOTING = /\.(md|txt|rst|adoc|html?|go|[cm]?[jt]sx?|py|rb|rs|java|sh|tf|nix|patch|diff|log)$/i;

/** Searching for bytes spares making a text of each file. */
const MARK = Buffer.from("sops");
const FLUX = Buffer.from("kustomize.toolkit.fluxcd.io");

/** Reads every file of a tree once, one at a time, and keeps no content. */
export class TreeReader {
  private readonly encryptedFiles = new EncryptedFiles();
  private readonly encrypted: EncryptedFile[] = [];
  private readonly problems: TreeProblem[] = [];
  private readonly kustomizations: FluxKustomization[] = [];
  private configs = new SopsConfigs(new Map());

  private constructor(private readonly source: TreeSource) {}

  static async read(source: TreeSource): Promise<Tree> {
    return new TreeReader(source).run();
  }

  private async run(): Promise<Tree> {
    this.configs = await this.readConfigs();
    const asked = new Set(this.source.asked);
    for (const path of this.source.files) {
      const wanted = asked.has(path);
      const isYaml = path.endsWith(".yaml") || path.endsWith(".yml");
      if (!wanted && !isYaml) continue;
      const bytes = await this.bytesOf(path, wanted);
      if (!bytes) continue;
      if (wanted) this.look(path, bytes);
      if (isYaml) this.lookForFlux(path, bytes);
    }
    const flux = this.kustomizations.length > 0 ? await this.coverage() : undefined;
    return {
      configs: this.configs,
      encrypted: this.encrypted,
      problems: this.problems,
      ...(flux && { flux }),
      skipped: this.source.skipped,
    };
  }

  private async readConfigs(): Promise<SopsConfigs> {
    const texts = new Map<string, string>();
    for (const path of this.source.files.filter((path) => posix.basename(path) === CONFIG_NAME)) {
      const bytes = await this.bytesOf(path, true);
      if (bytes) texts.set(path, bytes.toString("utf8"));
    }
    return new SopsConfigs(texts);
  }

  private async bytesOf(path: string, tell: boolean): Promise<Buffer | undefined> {
    try {
      return await this.source.read(path);
    } catch (error) {
      if (tell) this.unreadable(path, `cannot be read: ${reasonOf(error)}`);
      return undefined;
    }
  }

  private look(path: string, bytes: Buffer): void {
    if (posix.basename(path) === CONFIG_NAME) return;
    if (posix.basename(path) === ".sops.yml") {
      const message = `sops does not read a file of this name; call it ${CONFIG_NAME}`;
      this.problems.push({ check: "sops-config", path, line: 1, subject: path, message });
      return;
    }
    const file = this.sopsFile(path, bytes);
    if (file === "unreadable") return;
    if (!file) {
      this.lookAtPlain(path, bytes);
      return;
    }
    const reduced = this.encryptedFiles.reduce(path, file, bytes.toString("utf8"));
    this.encrypted.push(reduced.file);
    for (const secret of reduced.readable)
      this.plaintext(path, secret, "readable in an encrypted file; check its encrypted_regex");
  }

  private sopsFile(path: string, bytes: Buffer): SopsFile | "unreadable" | undefined {
    if (!bytes.includes(MARK)) return undefined;
    const content = bytes.toString("latin1");
    if (QUOTING.test(path) && !/^\s*\{/.test(content)) return undefined;
    try {
      return readSopsFile(path, content);
    } catch (error) {
      this.unreadable(path, reasonOf(error));
      return "unreadable";
    }
  }

  private lookAtPlain(path: string, bytes: Buffer): void {
    const structured = STRUCTURED.test(path);
    if (structured && bytes.includes("ENC[AES256_GCM,data:")) {
      this.unreadable(
        path,
        "holds values encrypted by sops, but not sops's own part: cut short or merged badly",
      );
      return;
    }
    const rule = this.configs.ruleFor(path);
    if (bytes.length === 0) {
      if (rule?.rule.pathRegex && structured && !rule.rule.pathRegex.test(""))
        this.unreadable(path, "is empty, though its rule has it encrypted: cut short?");
      return;
    }
    const text = structured || rule ? bytes.toString("utf8") : "";
    const secrets =
      /\.(ya?ml|json)$/i.test(path) && mayHoldSecret(text) ? plainSecrets(documentsOf(text) ?? []) : [];
    for (const secret of secrets)
      this.plaintext(path, secret, "not encrypted; encrypt it, and change what it holds");
    if (secrets.length > 0 || !rule || !leftInTheClear(rule, text)) return;
    this.problems.push({
      check: "not-encrypted",
      path,
      line: 1,
      subject: path,
      message: `not encrypted, though the rule in ${rule.config}:${rule.rule.line} is for it; run sops encrypt -i ${path}`,
    });
  }

  private lookForFlux(path: string, bytes: Buffer): void {
    if (!bytes.includes(FLUX)) return;
    const text = bytes.toString("utf8");
    if (mayHoldKustomization(text))
      this.kustomizations.push(...fluxKustomizations(path, documentsOf(text) ?? []));
  }

  private async coverage(): Promise<FluxCoverage> {
    const files = new Map<string, ReturnType<typeof readKustomizationFile>>();
    for (const path of this.source.files.filter(isKustomizationFile)) {
      const bytes = await this.bytesOf(path, false);
      const documents = bytes && documentsOf(bytes.toString("utf8"));
      if (documents) files.set(posix.dirname(path).replace(/^\.$/, ""), readKustomizationFile(documents));
    }
    return new FluxCoverage(this.kustomizations, new KustomizeBuild(this.source.files, files));
  }

  private plaintext(path: string, { line, name, fields }: PlainSecret, how: string): void {
    const message = `Secret ${name}: ${fields.join(", ")} ${how}`;
    this.problems.push({ check: "plaintext-secret", path, line, subject: name, message });
  }

  /** Reasons that begin with the path and a line are told apart into their parts. */
  private unreadable(path: string, why: string): void {
    const rest = why.startsWith(`${path}:`) ? why.slice(path.length + 1) : why;
    const [, line = "1", message = rest] = /^(\d+): (.*)$/s.exec(rest) ?? [];
    this.problems.push({
      check: "unreadable",
      path,
      line: Number(line),
      subject: path,
      message: message.trim(),
    });
  }
}

function reasonOf(error: unknown): string {
  const [line = "unknown"] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line;
}

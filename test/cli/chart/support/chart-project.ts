import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Document, parseAllDocuments } from "yaml";
import type { ExitCode } from "../../../../cli/errors/cli-error";
import { main } from "../../../../cli/program";
import { recordedIo } from "../../rewrap/support/recorded-io";
import { SopsRepository } from "../../rewrap/support/sops-repository";
import type { SopsVault } from "../../rewrap/support/sops-vault";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Values long and odd enough to be found wherever they were left. */
export const VALUES = {
  DB_USER: "shop-db-user-3f9a",
  DB_PASSWORD: "pw-7c1e'\"$ {}#:äöü-2b8d",
  TLS_CERT: "-----BEGIN CERTIFICATE-----\nline-one-90ce\nline-two-4c77\n-----END CERTIFICATE-----\n",
  TLS_KEY: "-----BEGIN PRIVATE KEY-----\nprivate-line-5d02\n-----END PRIVATE KEY-----\n",
  KEYSTORE: Buffer.from([0, 255, 254, 1, 2, 3, 200, 10, 13, 0, 77]).toString("base64"),
} as const;

export const MAPPING = `secrets:
  - name: database
    labels: { app.kubernetes.io/name: shop }
    keys:
      username: DB_USER
      password: DB_PASSWORD
      keystore.p12: { variable: KEYSTORE, form: base64 }
      replica: { variable: REPLICA_URL, optional: true }
  - name: tls
    namespace: edge
    type: kubernetes.io/tls
    keys:
      tls.crt: { variable: TLS_CERT, form: lines }
      tls.key: { variable: TLS_KEY, form: lines }
`;

const CHART = {
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\n",
  "chart/values.yaml": "replicas: 1\nmessage: default\n",
  "chart/templates/config.yaml": [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata:",
    "  name: {{ .Release.Name }}-config",
    "  namespace: {{ .Release.Namespace }}",
    "data:",
    "  replicas: {{ .Values.replicas | quote }}",
    "  message: {{ .Values.message | quote }}",
    "",
  ].join("\n"),
  "secrets.yaml": MAPPING,
};

/** Where the chart goes in the deploy repository. */
export const INTO = "apps/shop";

/** An application's folder with a chart and a mapping, and a deploy repository with its own remote. */
export class ChartProject {
  private readonly also: string[] = [];

  private constructor(
    /** Of the application. */
    readonly folder: string,
    readonly deploy: SopsRepository,
    /** What the job has: the values and what it needs to encrypt. */
    readonly env: Environment,
  ) {}

  /** Under a key of Vault's, with a token that may encrypt, but not decrypt. */
  static async create(vault: SopsVault): Promise<ChartProject> {
    const deploy = SopsRepository.create(vault.env());
    return ChartProject.in(deploy, ruleFor(vault), vault.env(await chartToken(vault)));
  }

  /** @param rules of `.sops.yaml`. @param access what the job has beside the values. */
  static in(deploy: SopsRepository, rules: string, access: Environment): ChartProject {
    deploy.write(".sops.yaml", rules);
    deploy.commitAll("Rules");
    deploy.withUpstream();
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-app-"));
    const project = new ChartProject(folder, deploy, { ...deploy.env, ...access, ...VALUES });
    for (const [path, text] of Object.entries(CHART)) project.write(path, text);
    return project;
  }

  write(path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** `sopsloop chart` in the application's folder, into a checkout. */
  run(words: readonly string[] = [], env: Environment = {}, deploy = this.deploy): Promise<Ran> {
    return this.call([`--into=${join(deploy.folder, INTO)}`, "--namespace=shop", ...words], env);
  }

  async call(words: readonly string[], env: Environment = {}): Promise<Ran> {
    const io = recordedIo(this.folder, { ...this.env, ...env });
    const code = await main(["chart", "chart", "--mapping=secrets.yaml", ...words], io);
    return { code, out: io.out, err: io.err };
  }

  /** Path of a file in the deploy repository. */
  path(name: string): string {
    return `${INTO}/${name}`;
  }

  /** The values of a Secret, by who may decrypt. */
  values(name: string, deploy = this.deploy): Record<string, string> {
    const [document] = parseAllDocuments(deploy.decrypt(this.path(name))) as Document[];
    const { data } = (document?.toJS() ?? {}) as { data: Record<string, string> };
    return Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString("latin1")]),
    );
  }

  clone(): SopsRepository {
    const clone = this.deploy.clone();
    this.also.push(clone.folder);
    return clone;
  }

  /** Gone after the tests. */
  afterwards(folder: string): void {
    this.also.push(folder);
  }

  remove(): void {
    for (const folder of [this.folder, ...this.also]) rmSync(folder, { recursive: true, force: true });
    this.deploy.remove();
  }
}

/** The rules that the program commits. */
export function ruleFor(vault: SopsVault): string {
  const rule = {
    path_regex: "\\.sops\\.ya?ml$",
    encrypted_regex: "^(data|stringData)$",
    hc_vault_transit_uri: vault.keyUri(),
  };
  return `${JSON.stringify({ creation_rules: [rule] }, undefined, 2)}\n`;
}

/** May encrypt and make digests, and nothing else. */
async function chartToken(vault: SopsVault): Promise<string> {
  const policy = ["encrypt", "hmac"]
    .map((verb) => `path "transit/${verb}/sops" { capabilities = ["update"] }`)
    .join("\n");
  await vault.api.write("sys/policies/acl/test-chart", { policy });
  return vault.newToken({ policies: ["test-chart"], no_default_policy: true });
}

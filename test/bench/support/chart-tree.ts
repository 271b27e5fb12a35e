import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run, tryRun } from "../../../sandbox/processes/run";
import type { Loop } from "../../sandbox/support/loop";

const KEYS = 5;
/** Where Linux keeps files in memory: the disk of the machine is not what is compared. */
const IN_MEMORY = "/dev/shm";
const INTO = "apps/shop";

type Environment = Readonly<Record<string, string | undefined>>;

/** An application with a chart and many Secrets in variables, a deploy repository, and the same Secrets as plain files for sops itself. */
export class ChartTree {
  private constructor(
    private readonly folder: string,
    private readonly env: Environment,
  ) {}

  static async make(loop: Loop, secrets: number): Promise<ChartTree> {
    const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), "sopsloop-bench-chart-"));
    const indexes = Array.from({ length: secrets }, (_, index) => index);
    const variables = indexes.flatMap((index) =>
      keysOf(index).map(({ variable, value }) => [variable, value] as const),
    );
    const tree = new ChartTree(folder, { ...loop.env, ...Object.fromEntries(variables) });
    const rule = {
      path_regex: "\\.sops\\.yaml$",
      encrypted_regex: "^(data|stringData)$",
      hc_vault_transit_uri: `${loop.layout.vault.address}/v1/transit/keys/sops`,
    };
    tree.write("deploy/.sops.yaml", JSON.stringify({ creation_rules: [rule] }));
    tree.write("app/chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    tree.write(
      "app/chart/templates/config.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: shop, namespace: {{ .Release.Namespace }} }\n",
    );
    tree.write("app/secrets.yaml", mappingOf(indexes));
    for (const index of indexes) tree.write(`plain/secret-${index}.sops.yaml`, manifestOf(index));
    const author = "-c user.name=bench -c user.email=bench@sopsloop.invalid";
    await tree.shell(`cd deploy && git init -q && git add -A && git ${author} commit -qm rules`);
    return tree;
  }

  /** The command as a process. @param encrypted how many Secrets it has to encrypt. */
  async chart(encrypted: number): Promise<void> {
    const words = [
      "chart",
      "chart",
      "--mapping=secrets.yaml",
      `--into=../deploy/${INTO}`,
      "--namespace=shop",
    ];
    const result = await tryRun("sopsloop", [...words, "--json"], {
      cwd: join(this.folder, "app"),
      env: this.env,
    });
    if (result.code !== 0) throw new Error(`sopsloop chart: ${result.code}: ${result.stderr}`);
    const { secrets } = JSON.parse(result.stdout) as { secrets: { encrypted: number } };
    if (secrets.encrypted !== encrypted)
      throw new Error(`sopsloop chart encrypted ${secrets.encrypted} Secrets, and not ${encrypted}`);
  }

  /** The loop that one would write: sops, once for each plain file. @param at how many at a time. */
  async sops(at: number): Promise<void> {
    const encrypt = 'sops encrypt --filename-override "secrets/$0" "../plain/$0" > "encrypted/$0"';
    await this.shell(
      `cd deploy && mkdir -p encrypted && ls ../plain | xargs -n 1 -P ${at} sh -c '${encrypt}'`,
    );
  }

  /** Takes away what was encrypted. */
  async clear(): Promise<void> {
    for (const made of [`deploy/${INTO}`, "deploy/encrypted"])
      rmSync(join(this.folder, made), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  private shell(script: string): Promise<string> {
    return run("sh", ["-ec", script], { cwd: this.folder, env: this.env });
  }
}

function keysOf(index: number) {
  return Array.from({ length: KEYS }, (_, at) => ({
    key: `value${at}`,
    variable: `SECRET_${index}_${at}`,
    value: `${"secret".repeat(3)}${index}-${at}`,
  }));
}

function mappingOf(indexes: readonly number[]): string {
  const secrets = indexes.map((index) => {
    const keys = keysOf(index).map(({ key, variable }) => `      ${key}: ${variable}`);
    return [`  - name: secret-${index}`, "    keys:", ...keys].join("\n");
  });
  return ["secrets:", ...secrets, ""].join("\n");
}

function manifestOf(index: number): string {
  const data = keysOf(index).map(({ key, value }) => `  ${key}: ${Buffer.from(value).toString("base64")}`);
  const head = ["apiVersion: v1", "kind: Secret", `metadata: { name: secret-${index}, namespace: shop }`];
  return [...head, "type: Opaque", "data:", ...data, ""].join("\n");
}

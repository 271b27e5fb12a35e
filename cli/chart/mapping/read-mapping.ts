import { CORE_SCHEMA, load, YAMLException } from "js-yaml";
import type * as z from "zod";
import { type DeclaredSecret, titleOf } from "./declared-secret";
import { MappingLines } from "./mapping-lines";
import { mappingSchema } from "./mapping-schema";
import { plainYaml } from "./plain-yaml";

type Declared = z.output<typeof mappingSchema>["secrets"][number];

/** What a mapping file declares, or what is wrong with it: one line each, with the file and the line. */
export interface ReadMapping {
  readonly secrets: readonly DeclaredSecret[];
  readonly problems: readonly string[];
}

/**
 * @param name of the file, for errors.
 * @param namespace for Secrets that name none.
 */
export function readMapping(name: string, text: string, namespace: string | undefined): ReadMapping {
  const lines = new MappingLines(name, text);
  let content: unknown;
  try {
    content = plainYaml(text) ?? load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return failed([`${lines.line(error.mark.line + 1)}: not YAML: ${error.reason}`]);
  }
  const read = mappingSchema.safeParse(content);
  if (!read.success)
    return failed(
      read.error.issues.map((issue) => `${lines.at(issue.path)}: ${textOf(issue)}; see docs/chart.md`),
    );
  const secrets = read.data.secrets.map((secret, index) => declared(secret, index, namespace, lines));
  return { secrets, problems: clashes(secrets) };
}

function failed(problems: readonly string[]): ReadMapping {
  return { secrets: [], problems };
}

function declared(
  secret: Declared,
  index: number,
  namespace: string | undefined,
  lines: MappingLines,
): DeclaredSecret {
  const own = secret.namespace ?? namespace;
  const folder = own === namespace || own === undefined ? "secrets" : `secrets/${own}`;
  return {
    name: secret.name,
    ...(own !== undefined && { namespace: own }),
    type: secret.type,
    labels: secret.labels,
    annotations: secret.annotations,
    keys: Object.entries(secret.keys).map(([key, value]) => ({ key, ...value })),
    file: secret.file ?? `${folder}/${secret.name}.sops.yaml`,
    where: () => lines.at(["secrets", index]),
  };
}

function textOf(issue: z.core.$ZodIssue): string {
  const { path } = issue;
  // Of a key, zod tells the reason one level further down.
  const { message } = (issue.code === "invalid_key" && issue.issues[0]) || issue;
  const where = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return where === "" ? `the file ${lower(message)}` : `${where.slice(1)}: ${lower(message)}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Two Secrets of one name, or two that would lie in one file. */
function clashes(secrets: readonly DeclaredSecret[]): string[] {
  const problems: string[] = [];
  const [names, files] = [new Map<string, DeclaredSecret>(), new Map<string, DeclaredSecret>()];
  for (const secret of secrets) {
    const [title, file] = [titleOf(secret), secret.file.toLowerCase()];
    const [named, filed] = [names.get(title), files.get(file)];
    if (named)
      problems.push(
        `${secret.where()}: Secret ${title} is declared at ${named.where()} already; join the two`,
      );
    else if (filed)
      problems.push(
        `${secret.where()}: Secret ${title} would be written to ${secret.file}, as the one at ${filed.where()}; give one of them another file`,
      );
    names.set(title, named ?? secret);
    files.set(file, filed ?? secret);
  }
  return problems;
}

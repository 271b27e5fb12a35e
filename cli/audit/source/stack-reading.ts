import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../../errors/cli-error";
import type { Io } from "../../io";
import { isObject, type PlainObject, plainValue } from "../../preview-comment/secrets/pulumi-values";
import { pulumiStack } from "../../stack/pulumi-stack";
import { knownSecrets } from "./known-secrets";
import { exportedStack, type StateResource, stateResources } from "./state-resource";

/** Where the stack is read from: at most one of them; the stack that is selected here when none. */
export interface StackSource {
  readonly stack?: string | undefined;
  /** File with what `pulumi stack export` printed. */
  readonly export?: string | undefined;
  /** File with what `pulumi stack output --json` printed. */
  readonly outputs?: string | undefined;
}

/** A stack as it was last known. Secrets in it are `[secret]`. */
export interface StackReading {
  readonly kind: "stack" | "export" | "outputs";
  /** `project/stack`; undefined where the source does not say. */
  readonly stack: string | undefined;
  /** ISO 8601: when the state was written; undefined where the source does not say. */
  readonly stateOf: string | undefined;
  readonly outputs: PlainObject;
  /** Empty where there are only outputs. */
  readonly resources: readonly StateResource[];
  /** What was exported, as it was; undefined where there are only outputs. */
  readonly exported: unknown;
  /** Secrets that the source has in clear. */
  readonly secrets: readonly string[];
}

const STACK = "pulumi:pulumi:Stack";

/** @throws CliError (2) where there is no such stack or file, or it is not one of this program's. */
export async function readStack(source: StackSource, io: Io): Promise<StackReading> {
  const named = [source.stack, source.export, source.outputs].filter((each) => each !== undefined);
  if (named.length > 1) throw new CliError("give one of --stack, --export and --outputs, not several", 2);
  if (source.outputs !== undefined) {
    const printed = jsonOf(
      fileText("--outputs", source.outputs, io),
      source.outputs,
      "pulumi stack output --json",
    );
    return fromOutputs(printed, source.outputs);
  }
  if (source.export !== undefined) {
    const printed = jsonOf(fileText("--export", source.export, io), source.export, "pulumi stack export");
    return fromExport("export", printed, source.export);
  }
  const where = `stack ${source.stack ?? "selected here"}`;
  const text = await pulumiStack(["export"], source.stack, "--export", io);
  return fromExport("stack", jsonOf(text, where, "pulumi stack export"), where);
}

function fromOutputs(printed: unknown, where: string): StackReading {
  const outputs = plainValue(printed);
  return {
    kind: "outputs",
    ...{ stack: undefined, stateOf: undefined, resources: [], exported: undefined },
    outputs: withAudit(outputs, where),
    secrets: knownSecrets(printed),
  };
}

function fromExport(kind: "stack" | "export", printed: unknown, where: string): StackReading {
  const read = exportedStack.safeParse(printed);
  if (!read.success)
    throw new CliError(`${where}: is no exported stack; write it with: pulumi stack export`, 2);
  const resources = stateResources(read.data);
  const root = resources.find(({ type }) => type === STACK);
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(root?.urn ?? "") ?? [];
  const time = read.data.deployment.manifest?.time;
  const written = time === undefined || time === null ? Number.NaN : Date.parse(time);
  return {
    kind,
    stack: stack === undefined ? undefined : `${project}/${stack}`,
    // The year 1 is how Go writes that there is none.
    stateOf: written > 0 ? new Date(written).toISOString() : undefined,
    outputs: withAudit(root?.values, where),
    resources,
    exported: printed,
    secrets: knownSecrets(printed),
  };
}

function withAudit(outputs: unknown, where: string): PlainObject {
  if (isObject(outputs) && isObject(outputs.audit)) return outputs;
  throw new CliError(`${where}: has no output audit; is it a stack of sopsloop, and has pulumi up run?`, 2);
}

/** @throws CliError (2) where it cannot be read. */
export function fileText(option: string, file: string, { cwd }: Pick<Io, "cwd">): string {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    throw new CliError(`${option} ${file}: cannot be read (${why}); name a file`, 2);
  }
}

/** @throws CliError (2) where it is none; `command` writes what is expected. */
export function jsonOf(text: string, where: string, command: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`${where}: is not JSON; write it with: ${command}`, 2);
  }
}

import { styleText } from "node:util";
import type { ExitCode } from "../errors/cli-error";
import type { Io } from "../io";
import { Kubectl } from "../kubernetes/kubectl";
import { AzureLook } from "../verify/azure/azure-look";
import { controllerOf } from "../verify/controller";
import { declaredBy } from "../verify/declared";
import { declaredAzure } from "../verify/declared-azure";
import { Logins } from "../verify/logins";
import type { Controller, Row } from "../verify/probe";
import { everyProbe } from "../verify/probes";
import { settingsFor } from "../verify/stack-vault";
import { VaultAccess } from "../verify/vault-access";
import { verification } from "../verify/verification";

export interface VerifyOptions {
  readonly stack?: string;
  /** File with the stack's outputs. */
  readonly outputs?: string;
  readonly endToEnd?: true;
  readonly json?: true;
}

/** docs/verify.md */
export const VERIFY_SCHEMA = "sopsloop.verify/1";

const MARKS = { ok: "✓", failed: "✗", skipped: "–" } as const;
const COLOURS = { ok: "green", failed: "red", skipped: "gray" } as const;

/** `sopsloop verify`: does every link of the loop hold? @throws CliError where it is not known what should be, or no token is set. */
export async function verify(options: VerifyOptions, io: Io): Promise<ExitCode> {
  const declared = await declaredBy(options, io);
  const settings = settingsFor(declared, io);
  for (const line of settings.warnings) io.stderr.write(`sopsloop: warning: ${line}\n`);
  const half = declaredAzure(declared);
  const azure = half && new AzureLook(half, io.env);
  const vault = new VaultAccess(declared.vaultAddress, settings);
  const kubectl = new Kubectl(io.env);
  const logins = new Logins(declared, vault, kubectl);
  let controller: Promise<Controller> | undefined;
  const context = {
    declared,
    vault,
    kubectl,
    logins,
    controller: () => {
      controller ??= controllerOf(kubectl);
      return controller;
    },
  };
  try {
    const probes = everyProbe(io, { endToEnd: options.endToEnd === true, azure });
    const rows = await verification(probes, context, (row) => {
      if (!options.json) io.stdout.write(lineOf(row, io.isTerminal));
    });
    const count = (result: Row["result"]) => rows.filter((row) => row.result === result).length;
    const summary = { ok: count("ok"), failed: count("failed"), skipped: count("skipped") };
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ schema: VERIFY_SCHEMA, summary, rows }, undefined, 2)}\n`
        : `\n${summary.ok} ok, ${summary.failed} failed, ${summary.skipped} skipped\n`,
    );
    return summary.failed === 0 ? 0 : 1;
  } finally {
    azure?.close();
    logins.close();
    vault.close();
  }
}

function lineOf({ title, result, why, next }: Row, colours: boolean): string {
  const mark = colours ? styleText(COLOURS[result], MARKS[result]) : MARKS[result];
  const line = `${mark} ${title}: ${result === "ok" ? "" : `${result}: `}${why}\n`;
  return next === undefined ? line : `${line}    next: ${next}\n`;
}

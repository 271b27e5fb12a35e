import { styleText } from "node:util";
import { vaultSettings } from "../backends/vault/vault-settings";
import type { ExitCode } from "../errors/cli-error";
import type { Io } from "../io";
import { Kubectl } from "../kubernetes/kubectl";
import { declaredBy } from "../verify/declared";
import { Logins } from "../verify/logins";
import type { Controller, Row } from "../verify/probe";
import { endToEnd } from "../verify/probes/end-to-end";
import { controllerOf, flux } from "../verify/probes/flux";
import { tokenReview } from "../verify/probes/token-review";
import { transitKey } from "../verify/probes/transit-key";
import { vaultRights } from "../verify/probes/vault-rights";
import { vaultServer } from "../verify/probes/vault-server";
import { VaultAccess } from "../verify/vault-access";
import { verification } from "../verify/verification";

export interface VerifyOptions {
  readonly stack?: string;
  /** File with the stack's outputs. */
  readonly outputs?: string;
  readonly endToEnd?: true;
  readonly json?: true;
}

export const VERIFY_SCHEMA = "sopsloop.verify/1";

const MARKS = { ok: "✓", failed: "✗", skipped: "–" } as const;
const COLOURS = { ok: "green", failed: "red", skipped: "gray" } as const;

/** `sopsloop verify`: does every link of the loop hold? @throws CliError where it is not known what should be, or no token is set. */
export async function verify(options: VerifyOptions, io: Io): Promise<ExitCode> {
  const declared = await declaredBy(options, io);
  const settings = vaultSettings(io.env);
  for (const line of settings.warnings) io.stderr.write(`sopsloop: warning: ${line}\n`);
  const vault = new VaultAccess(declared.vaultAddress, settings);
  const kubectl = new Kubectl(io.env);
  let controller: Promise<Controller> | undefined;
  const context = {
    declared,
    vault,
    kubectl,
    logins: new Logins(declared, vault, kubectl),
    controller: () => {
      controller ??= controllerOf(kubectl);
      return controller;
    },
  };
  // The cheapest explanation first: what fails early is why later ones do.
  const [server, audit] = vaultServer;
  const [mount, key, roundTrip] = transitKey;
  const [policies, roles, login, ...rights] = vaultRights;
  const order = [
    server,
    mount,
    key,
    policies,
    roles,
    ...tokenReview,
    login,
    ...rights,
    roundTrip,
    ...flux,
    audit,
  ];
  const probes = [...order, ...(options.endToEnd ? [endToEnd(io)] : [])].filter(
    (probe) => probe !== undefined,
  );
  try {
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
    vault.close();
  }
}

function lineOf({ title, result, why, next }: Row, colours: boolean): string {
  const mark = colours ? styleText(COLOURS[result], MARKS[result]) : MARKS[result];
  const line = `${mark} ${title}: ${result === "ok" ? "" : `${result}: `}${why}\n`;
  return next === undefined ? line : `${line}    next: ${next}\n`;
}

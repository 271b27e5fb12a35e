import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { rootCertificates } from "node:tls";
import type { Layout } from "./layout";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Writes the file with every authority that a program inside the sandbox trusts: those of the machine, and the sandbox's own. Programs
 * in Go take one file in the place of all others (`SSL_CERT_FILE`), so that the sandbox's alone would not do.
 *
 * @param own variables of the person, whose own file is kept in it.
 */
export function writeTrustBundle(layout: Layout, own: Variables = process.env): void {
  const theirs = own.SSL_CERT_FILE;
  const machine =
    theirs !== undefined && theirs !== layout.trust && existsSync(theirs)
      ? readFileSync(theirs, "utf8")
      : rootCertificates.join("\n");
  const ours = [layout.azure.ca, layout.ingress.ca].filter((file) => existsSync(file));
  const text = [machine, ...ours.map((file) => readFileSync(file, "utf8"))]
    .map((pem) => pem.trim())
    .join("\n");
  mkdirSync(dirname(layout.trust), { recursive: true, mode: 0o700 });
  writeFileSync(`${layout.trust}.new`, `${text}\n`);
  renameSync(`${layout.trust}.new`, layout.trust);
}

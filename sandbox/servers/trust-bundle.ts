import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { rootCertificates } from "node:tls";
import type { Layout } from "./layout";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Writes the file with every authority that a program inside the sandbox trusts: those of the machine, and the sandbox's own. Programs
 * in Go take one file in the place of all others (`SSL_CERT_FILE`), so that the sandbox's alone would not do.
 *
 * @param own variables of the person, whose own files are kept in it.
 */
export function writeTrustBundle(layout: Layout, own: Variables = process.env): void {
  const ours = [layout.azure.ca, layout.ingress.ca].map(pemIn).filter((pem) => pem !== "");
  // A shell that is inside the sandbox has this very file in its variables: what was the person's in it stays.
  const [goFile, nodeFile] = [own.SSL_CERT_FILE, own.NODE_EXTRA_CA_CERTS].map((file = "") =>
    ours.reduce((rest, pem) => rest.replace(pem, "").trim(), pemIn(file)),
  );
  const machine = goFile || rootCertificates.join("\n");
  const extra = nodeFile && !machine.includes(nodeFile) ? [nodeFile] : [];
  mkdirSync(dirname(layout.trust), { recursive: true, mode: 0o700 });
  writeFileSync(`${layout.trust}.new`, `${[machine, ...extra, ...ours].join("\n")}\n`);
  renameSync(`${layout.trust}.new`, layout.trust);
}

function pemIn(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

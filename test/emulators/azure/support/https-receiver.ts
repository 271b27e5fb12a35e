import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateAuthority } from "../../../../sandbox/servers/certificate-authority";

/** A receiver with TLS of its own, which tells what it got. */
export async function httpsReceiver() {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-receiver-"));
  const authority = await CertificateAuthority.open(folder, "test receiver CA");
  const files = await authority.issue("receiver", { commonName: "receiver", hosts: ["127.0.0.1"] });
  const identity = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
  const server = createServer(identity, async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    response.end(`${request.method} ${request.url} ${text}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: join(folder, "ca.pem"),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

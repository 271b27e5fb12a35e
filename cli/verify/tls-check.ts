import { isIP } from "node:net";
import { connect } from "node:tls";

const PATIENCE_MS = 10_000;

/** How a server's certificate looks to somebody who knows these CAs and no others. */
export type Certificate = "trusted" | "untrusted" | "unreachable";

/** Shakes hands, and sends nothing. @param address https URL. */
export function certificateOf(
  address: string,
  ca: string | readonly string[],
  serverName?: string,
): Promise<Certificate> {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  const named = serverName ?? host;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      ca: [ca].flat(),
      ...(isIP(named) === 0 && { servername: named }),
    });
    const end = (result: Certificate) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(PATIENCE_MS, () => end("unreachable"));
    socket.on("secureConnect", () => end("trusted"));
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) =>
      end(/CERT|ISSUER|SIGNED|SIGNATURE|ALTNAME/.test(code) ? "untrusted" : "unreachable"),
    );
  });
}

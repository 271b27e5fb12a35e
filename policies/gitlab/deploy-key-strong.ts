import { DEPLOY_KEY } from "../reading/gitlab";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-deploy-key-strong",
  title: "A key that may push is of a strong kind",
  why: "It never ends, and whoever has its other half writes what Flux applies.",
  remedy:
    "Use `ssh-keygen -t ed25519`; better still, leave the key out and let jobs push by their job token.",
  severity: "medium",
  types: [DEPLOY_KEY],
  *check(key) {
    const [kind = "", blob = ""] = (key.text("key") ?? "").trim().split(/\s+/);
    if (kind === "ssh-dss") yield "is a DSA key; use ed25519";
    if (kind === "ssh-rsa") {
      const bits = rsaBits(Buffer.from(blob, "base64"));
      if (bits < 3072) yield `is an RSA key of ${bits} bits; use ed25519, or 3072 bits or more`;
    }
  },
});

/** Length of the last number in the key's blob, which is the modulus: kind, exponent, modulus, each with its length in front. */
function rsaBits(blob: Buffer): number {
  let at = 0;
  let last: Uint8Array = new Uint8Array();
  while (at + 4 <= blob.length) {
    const length = blob.readUInt32BE(at);
    last = blob.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  const first = last.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (last.length - first) * 8 - Math.clz32(last[first] ?? 0) + 24;
}

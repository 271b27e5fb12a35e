import { randomBytes } from "node:crypto";
import { seconds } from "../processes/progress";
import { SandboxError } from "../processes/sandbox-error";
import { KubeApi } from "../servers/kube-api";
import type { Layout } from "../servers/layout";
import { AuditLog, type Login } from "./audit-log";
import { untilDelivered } from "./delivered";
import { DeployClone } from "./deploy-clone";
import type { KeyServer } from "./key-server";
import { secretManifest } from "./proof-secret";

export interface ProofOptions {
  readonly layout: Layout;
  /** Environment with the tools on PATH and Vault's address, CA and token. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of `.sops.yaml`: the program's output `sopsConfig`. */
  readonly sopsConfig: string;
  /** Path that Flux logs in at: the program's output `loginPath`. */
  readonly loginPath: string;
  /** Role that Flux must have logged in with. */
  readonly role: string;
  /** Path that Vault decrypts at, such as `transit/decrypt/sops`. */
  readonly decryptPath: string;
  /** Another server whose key every secret has, too: it is down while Flux decrypts, since Flux takes whichever key it comes to first. */
  readonly down?: KeyServer | undefined;
}

/** What was proved, for a person and for a test. */
export interface Proof {
  readonly lines: readonly string[];
  readonly login: Login;
  readonly commit: string;
  /** From the end of `git push` to the decrypted Secret in the cluster. */
  readonly deliveryMs: number;
}

const FILE = "apps/proof.sops.yaml";
const SECRET = { namespace: "default", name: "proof" };

/**
 * Sends a new random secret once around the loop: sops encrypts it, git takes it, Flux logs in to Vault and decrypts it.
 * Then reads from Vault's audit log how Flux came to be allowed to. Throws a SandboxError that says where it got stuck.
 */
export async function proveLoop(options: ProofOptions): Promise<Proof> {
  const { layout, loginPath, role, decryptPath } = options;
  const audit = AuditLog.fromNow(layout.vault.audit);
  const password = randomBytes(24).toString("base64url");
  const api = KubeApi.admin(layout);
  try {
    const { commit, ciphertext } = await pushEncrypted(options, password);
    await options.down?.stop();
    const pushed = Date.now();
    await untilDelivered(api, { repository: layout.git.url, commit, secret: SECRET, password });
    const deliveryMs = Date.now() - pushed;

    const logins = audit.logins();
    const login = logins.find((one) => one.path === loginPath && one.role === role);
    if (!login) {
      const seen = logins.map((one) => `${one.role} at ${one.path}`).join(", ") || "none";
      throw new SandboxError(
        `the Secret arrived, but ${layout.vault.audit} shows no login as ${role} at ${loginPath} (seen: ${seen}); is vault.audit set in the stack's config?`,
      );
    }
    const decrypted = audit.answered(decryptPath).filter(({ auth }) => auth?.metadata?.role === role);
    if (decrypted.length === 0)
      throw new SandboxError(`no answered request on ${decryptPath} as ${role} is in the audit log`);
    return {
      login,
      commit,
      deliveryMs,
      lines: [
        `sops encrypted ${FILE} with ${ciphertext}; the plaintext is not in the file`,
        `git took it as commit ${commit.slice(0, 10)}`,
        `Flux applied Secret ${SECRET.namespace}/${SECRET.name} ${seconds(deliveryMs)} after the push${options.down ? `, with ${options.down.name} down` : ""}; its value is the plaintext, byte for byte`,
        `Vault's audit log: login at ${loginPath} with role ${login.role} (${login.account}), a ${login.tokenType} token with ${login.policies.join(", ")}`,
        `Vault's audit log: ${decrypted.length} × ${decryptPath} with that role; no static token anywhere`,
      ],
    };
  } finally {
    api.close();
    await options.down?.start();
  }
}

async function pushEncrypted(
  { layout, env, sopsConfig }: ProofOptions,
  password: string,
): Promise<{ commit: string; ciphertext: string }> {
  const clone = await DeployClone.of(layout.git.url, env);
  try {
    clone.write(".sops.yaml", sopsConfig);
    clone.write(FILE, secretManifest(SECRET, password));
    await clone.encrypt(FILE);
    const encrypted = clone.read(FILE);
    if (encrypted.includes(password))
      throw new SandboxError(`${FILE} still holds the plaintext after sops encrypt`);
    const ciphertext = /vault:v\d+:/.exec(encrypted)?.[0];
    if (ciphertext === undefined)
      throw new SandboxError(`${FILE} was not encrypted with a Vault key; look at .sops.yaml`);
    return {
      commit: await clone.push("Prove the loop"),
      ciphertext: `a data key wrapped by Vault (${ciphertext}…)`,
    };
  } finally {
    clone.close();
  }
}

import { createSign } from "node:crypto";
import { readFileSync } from "node:fs";
import type { KubeApi, KubeObject } from "../kube-api";
import type { Layout } from "../layout";

const NAME = "kubernetes.io/service-account.name";
const UID = "kubernetes.io/service-account.uid";
const TYPE = "type=kubernetes.io/service-account-token";

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** API path of every Secret that wants a token. */
export const TOKEN_SECRETS = `/api/v1/secrets?fieldSelector=${encodeURIComponent(TYPE)}`;

/**
 * Fills Secrets of type `kubernetes.io/service-account-token` with a token that does not expire, in the place of
 * kube-controller-manager. As there, a Secret whose account is gone is deleted.
 * See https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#token-controller
 */
export class ServiceAccountTokens {
  private readonly signingKey: string;
  private readonly ca: string;

  constructor(
    private readonly api: KubeApi,
    { kubernetes }: Layout,
  ) {
    this.signingKey = readFileSync(kubernetes.signingKey, "utf8");
    this.ca = readFileSync(kubernetes.ca, "utf8");
  }

  async reconcile(): Promise<void> {
    for (const secret of await this.api.list<Secret>(TOKEN_SECRETS)) await this.fill(secret);
  }

  private async fill(secret: Secret): Promise<void> {
    const { name, namespace = "", annotations = {} } = secret.metadata;
    const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
    const account = await this.api.find(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${annotations[NAME]}`,
    );
    const uid = account?.metadata.uid;
    const stale = annotations[UID] !== undefined && annotations[UID] !== uid;
    if (stale) {
      await this.api.delete(path);
      return;
    }
    // An account that does not exist yet may still come.
    if (uid === undefined || secret.data?.token) return;
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    await this.api.merge(path, {
      metadata: { annotations: { [UID]: uid } },
      data: {
        token: base64(this.token({ namespace, secret: name, account: account?.metadata.name ?? "", uid })),
        "ca.crt": base64(this.ca),
        namespace: base64(namespace),
      },
    });
  }

  private token(of: { namespace: string; secret: string; account: string; uid: string }): string {
    const claims = {
      iss: "kubernetes/serviceaccount",
      "kubernetes.io/serviceaccount/namespace": of.namespace,
      "kubernetes.io/serviceaccount/secret.name": of.secret,
      "kubernetes.io/serviceaccount/service-account.name": of.account,
      "kubernetes.io/serviceaccount/service-account.uid": of.uid,
      sub: `system:serviceaccount:${of.namespace}:${of.account}`,
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(this.signingKey, "base64url")}`;
  }
}

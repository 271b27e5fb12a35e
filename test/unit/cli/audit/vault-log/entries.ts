/** A secret that no reading may have, in whatever form Vault wrote it. */
export const CANARY = "canary-4kQ9vXw2";

const FLUX = {
  display_name: "kubernetes-flux-system-kustomize-controller",
  metadata: {
    role: "flux-system_kustomize-controller",
    service_account_name: "kustomize-controller",
    service_account_namespace: "flux-system",
  },
  policies: ["sops-flux-decrypt"],
};

export interface Wish {
  readonly path?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly auth?: object | null;
  readonly error?: string;
  readonly data?: object;
  readonly namespace?: string;
  readonly address?: string;
  /** Of the same token as others with the same. */
  readonly login?: string;
}

/** The two lines that Vault writes of one request, by default one that Flux made to decrypt. */
export function exchange(wish: Wish = {}): string[] {
  const {
    path = "transit/decrypt/sops",
    operation = "update",
    time = "2026-01-02T03:04:05.678901234Z",
  } = wish;
  const request = {
    path,
    operation,
    client_token: `hmac-sha256:${CANARY}${wish.login ?? ""}`,
    data: wish.data ?? { ciphertext: CANARY },
    namespace: wish.namespace === undefined ? { id: "root" } : { id: "x", path: `${wish.namespace}/` },
    remote_address: wish.address ?? "10.0.0.1",
  };
  const entry = {
    time,
    request,
    ...(wish.auth !== null && { auth: { ...(wish.auth ?? FLUX), client_token: CANARY, accessor: CANARY } }),
    ...(wish.error !== undefined && { error: wish.error }),
  };
  return [
    JSON.stringify({ ...entry, type: "request" }),
    JSON.stringify({ ...entry, type: "response", response: { data: { plaintext: CANARY } } }),
  ];
}

export const REFUSED = "1 error occurred:\n\t* permission denied\n\n";

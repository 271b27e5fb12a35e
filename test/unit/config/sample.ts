/** A self-signed certificate that nothing trusts; only its form is read. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBjDCCATGgAwIBAgIUPaZXntRFqA81mZUWi5saMOekELcwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQc29wc2xvb3AgdGVzdCBDQTAeFw0yNjExMjMxNDQyMzZaFw0z
NjExMjAxNDQyMzZaMBsxGTAXBgNVBAMMEHNvcHNsb29wIHRlc3QgQ0EwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAT4bCBseVFMvfKfDrESpkuESNjK13IKZvfN3sxV
UKOMPFla1GkY4bv//0tuYVo1bCkHBxCDJ8Ri+8ecUyHvA/Fro1MwUTAdBgNVHQ4E
FgQUM/CS9pczBidxWi5AU1qsVZG7oTUwHwYDVR0jBBgwFoAUM/CS9pczBidxWi5A
U1qsVZG7oTUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA416N
cEL/b886W1sRqJLA+ZUoOHH89gYbOglUoMMeVUcCIQDlnGaJxE+Ls3ndsjJW0XkD
ycZWU3ghUtSiaoNFLOSzTA==
-----END CERTIFICATE-----
`;

/** A public key whose other half nobody kept. */
export const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEw638r6bEQ3FqyuS5BiEvxm7+ISES
o6LgjcIDdUVrSOmpmbDxZfru7zoxbP0m70jlNTQPeth/OVfJ3tYjOfYy6g==
-----END PUBLIC KEY-----
`;

/** A config with every required key and nothing else, as the engine hands it over once decoded. */
export function sampleConfig(): Record<string, unknown> {
  return {
    vault: {
      address: "https://vault.example.com",
      auth: { method: "kubernetes", reviewer: { mode: "in-cluster" } },
    },
    flux: {
      version: "2.9",
      decryptors: { default: { namespace: "flux-system", serviceAccount: "kustomize-controller" } },
      source: { url: "https://git.example.com/team/deploy.git" },
      kustomizations: { apps: { path: "./apps", decryptor: "default" } },
    },
  };
}

/** The sample with one value set at a path such as `vault.auth.method`; undefined takes the key out. */
export function sampleWith(path: string, value: unknown): Record<string, unknown> {
  return sampleWithAll({ [path]: value });
}

/** The sample with several values set, each at its path. */
export function sampleWithAll(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const config = sampleConfig();
  for (const [path, value] of Object.entries(changes)) setAt(config, path, value);
  return config;
}

function setAt(config: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let target = config;
  for (const key of keys) {
    target[key] ??= {};
    target = target[key] as Record<string, unknown>;
  }
  if (value === undefined) delete target[last];
  else target[last] = value;
}

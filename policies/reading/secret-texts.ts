/** Forms that nothing but a credential has. The first group of each is never shown, only what it is called. */
const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an age identity", /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/],
  ["a token of Vault's", /\b(?:hvs|hvb|hvr|s)\.[A-Za-z0-9_-]{20,}/],
  ["a token of GitLab's", /\bgl(?:pat|ptt|dt|rt|cbt|agent|soat)-[A-Za-z0-9_.-]{16,}/],
  ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{30,}/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a Google service account key", /"private_key_id"\s*:/],
  ["an Azure storage key", /\bAccountKey=[A-Za-z0-9+/]{40,}/],
  ["a Slack webhook", /hooks\.slack\.com\/services\/T[A-Z0-9]+\//],
  ["a JSON web token", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
];

/** What kind of credential a text holds; undefined where it holds none that can be told by its form. */
export function credentialIn(text: string): string | undefined {
  return FORMS.find(([, form]) => form.test(text))?.[0];
}

/** Whether a name says that its value is a credential. */
export function namesCredential(name: string): boolean {
  if (/(file|path|name|ref|url|endpoint|expiry|ttl|id)$/i.test(name)) return false;
  return /(password|passwd|secret|token|api_?key|access_?key|private_?key|credential|connection_?string|account_?key)/i.test(
    name,
  );
}

/** Whether the text is certificates and nothing else: they are public. */
export function isCertificate(text: string): boolean {
  const rest = text.replace(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g, "");
  return text.includes("-----BEGIN CERTIFICATE-----") && !/\S/.test(rest);
}

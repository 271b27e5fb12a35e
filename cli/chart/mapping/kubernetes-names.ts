const DNS_PART = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const NAME = new RegExp(`^${DNS_PART}(\\.${DNS_PART})*$`);
const NAMESPACE = new RegExp(`^${DNS_PART}$`);
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Whether the API server takes this as the name of a Secret: a DNS subdomain of at most 253 characters. */
export function isSecretName(text: string): boolean {
  return text.length <= 253 && NAME.test(text);
}

/** A DNS label of at most 63 characters. */
export function isNamespace(text: string): boolean {
  return text.length <= 63 && NAMESPACE.test(text);
}

/** Whether the API server takes this as a key of a Secret, which becomes a file name in a volume. */
export function isSecretKey(text: string): boolean {
  return /^[-._A-Za-z0-9]{1,253}$/.test(text) && text !== "." && !text.startsWith("..");
}

/** The key of a label or an annotation, with or without a prefix: `app.kubernetes.io/name`. */
export function isMetadataKey(text: string): boolean {
  const [name = "", prefix, ...more] = text.split("/").reverse();
  const fits = name.length <= 63 && QUALIFIED.test(name) && more.length === 0;
  return fits && (prefix === undefined || isSecretName(prefix));
}

export function isLabelValue(text: string): boolean {
  return text === "" || (text.length <= 63 && QUALIFIED.test(text));
}

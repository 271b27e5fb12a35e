/** Whether the host is this machine: what goes there does not leave it. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Whether a server is reached so that nobody on the way can read or change what is said. Git's `ssh` counts. */
export function isPrivateUrl(text: string): boolean {
  if (/^[\w.-]+@[\w.-]+:(?!\/\/)/.test(text)) return true;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === "https:" || protocol === "ssh:") return true;
  return protocol === "http:" && isLoopback(hostname);
}

/** Scheme and host of an address, which are no secret where its path may be one. */
export function originOf(text: string): string {
  if (!URL.canParse(text)) return "no URL";
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}

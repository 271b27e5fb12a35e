// The package has no types of its own.
declare module "proxy-from-env" {
  /** The proxy for an address by this process's environment; empty where there is none. */
  export function getProxyForUrl(url: string): string;
}

import type { JsonObject } from "../json";

/** An answer of Key Vault that is not what was asked for, in its own words. */
export class VaultRefusal extends Error {
  override readonly name = "VaultRefusal";

  /** @param inner the code of `innererror`. */
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 409,
    readonly code: string,
    message: string,
    readonly inner?: string,
  ) {
    super(message);
  }

  get body(): { readonly error: JsonObject } {
    const inner = this.inner === undefined ? {} : { innererror: { code: this.inner } };
    return { error: { code: this.code, message: this.message, ...inner } };
  }
}

export const badParameter = (message: string) => new VaultRefusal(400, "BadParameter", message);

/** @param kind `Key` or `Secret`. */
export function objectNotFound(kind: string, name: string): VaultRefusal {
  const noun = kind.toLowerCase();
  return new VaultRefusal(
    404,
    `${kind}NotFound`,
    `A ${noun} with (name/id) ${name} was not found in this key vault. If you recently deleted this ${noun} you may be ` +
      "able to recover it using the correct recovery command. For help resolving this issue, please see " +
      "https://go.microsoft.com/fwlink/?linkid=2125182",
  );
}

import { type Config, WAYS } from "./config";

/** How this program proves to Entra who it is. */
export type Proof =
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "file"; readonly path: string }
  /** A CI service that gives an ID token for a bearer token of its own. */
  | { readonly kind: "request"; readonly url: URL; readonly token: string };

const AUDIENCE = "api://AzureADTokenExchange";

/** A client secret comes first, as in the official provider; tokens count only with `useOidc`. Throws when there is neither. */
export function proofOf(config: Config): Proof {
  const secret = config.get("clientSecret");
  if (secret !== undefined) return { kind: "secret", secret };
  const token = config.get("oidcToken");
  const path = config.get("oidcTokenFilePath");
  if (config.get("useOidc") !== "true") {
    const hint =
      token === undefined && path === undefined
        ? "set ARM_CLIENT_SECRET, or ARM_USE_OIDC=true with ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH"
        : "an OIDC token is there, but it counts only with ARM_USE_OIDC=true (azure-native:useOidc)";
    throw new Error(`azure-native provider: no way to log in; ${hint} (${WAYS})`);
  }
  if (token !== undefined) return { kind: "token", token };
  if (path !== undefined) return { kind: "file", path };
  return requestOf(config);
}

function requestOf(config: Config): Proof {
  const address = config.get("oidcRequestUrl");
  const token = config.get("oidcRequestToken");
  if (address === undefined || token === undefined)
    throw new Error(
      "azure-native provider: useOidc is set, but there is no token; set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH",
    );
  if (!URL.canParse(address))
    throw new Error(`azure-native provider: oidcRequestUrl is not a URL: ${address}`);
  const url = new URL(address);
  url.searchParams.set("audience", config.variable("ARM_OIDC_AUDIENCE") ?? AUDIENCE);
  return { kind: "request", url, token };
}

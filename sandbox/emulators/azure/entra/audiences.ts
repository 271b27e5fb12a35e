import type { Application } from "../model";
import type { Directory } from "./directory";

/** What tokens of each service may name as their audience. */
export const AUDIENCES = {
  arm: ["https://management.azure.com", "https://management.core.windows.net"],
  keyVault: ["https://vault.azure.net"],
  storage: ["https://storage.azure.com"],
} as const;

const STORAGE_ACCOUNT = /^https:\/\/[a-z0-9]{3,24}\.(?:blob|table)\.core\.windows\.net$/;

/** What a token can be asked for. */
export interface Audience {
  /** `aud` of the token. */
  readonly name: string;
  readonly version: 1 | 2;
  /** The application of the tenant that it is; undefined for Azure's own services. */
  readonly application?: Application;
}

/** @param asked a resource, as before `/.default` in a scope. Undefined for one that the tenant does not know. */
export function audienceOf(asked: string, directory: Directory): Audience | undefined {
  const plain = asked.replace(/\/$/, "");
  const known = Object.values(AUDIENCES).flat() as string[];
  if (known.includes(plain) || STORAGE_ACCOUNT.test(plain)) return { name: asked, version: 1 };
  const application = directory.applicationByAudience(asked);
  if (application === undefined) return undefined;
  const { tokenVersion: version, appId } = application;
  return { name: version === 2 ? appId : asked, version, application };
}

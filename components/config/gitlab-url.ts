import { parseHttpUrl } from "./addresses";
import { ConfigProblem, describe } from "./problems";

const EXAMPLE = "https://gitlab.example.com";

/**
 * GitLab's external URL as it stands in its ID tokens: no default port, no slash at the end. It may have a path, where GitLab is
 * installed under one. Vault compares it with the issuer character by character.
 */
export function parseGitLabAddress(value: string): string {
  const { origin, pathname, search, hash } = new URL(parseHttpUrl(value, EXAMPLE));
  if (search !== "" || hash !== "")
    throw new ConfigProblem(`has ${describe(search + hash)} at its end; keep only GitLab's external URL`);
  if (pathname.includes("/api/"))
    throw new ConfigProblem(
      `is the address of GitLab's API; set it to GitLab's external URL, such as ${EXAMPLE}`,
    );
  return origin + pathname.replace(/\/+$/, "");
}

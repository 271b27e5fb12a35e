type Environment = Readonly<Record<string, string | undefined>>;

/** What helm reads: where it keeps things, and how it reaches registries. */
const FOR_HELM =
  /^(PATH|HOME|TMPDIR|LANG|LC_ALL|HELM_[A-Z_]+|XDG_[A-Z_]+|DOCKER_CONFIG|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY)$/i;

/** Variables by which others log in somewhere. */
const CREDENTIAL =
  /^(VAULT|SOPS|SOPSLOOP|AWS|AZURE|GOOGLE)_|TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIAL|PRIVATE_KEY|^DOCKER_AUTH_CONFIG$|^CI_REPOSITORY_URL$|JWT/i;

/** An address with a password in it, as those of git and of proxies can be. */
const LOGIN_IN_URL = /:\/\/[^\s/@]*:[^\s@]*@/;

/** Whether helm gets a variable of this name: such cannot hold a secret. */
export function isForHelm(name: string): boolean {
  return FOR_HELM.test(name);
}

/** helm renders with nothing but what it needs. */
export function helmEnvironment(env: Environment): Environment {
  const names = Object.keys(env).filter(isForHelm);
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}

/**
 * A Dhall file may read any variable, and send it anywhere: it gets none of the mapping's, and no credentials. What else there is, such as
 * the commit that a pipeline builds, it may use.
 */
export function dhallEnvironment(env: Environment, mapped: ReadonlySet<string>): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => !mapped.has(name) && !CREDENTIAL.test(name) && !LOGIN_IN_URL.test(value ?? ""),
    ),
  );
}

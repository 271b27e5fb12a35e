type Environment = Readonly<Record<string, string | undefined>>;

const USER = "gitlab-ci-token";

/** The shell that git starts reads the token from its environment: it stands in no argument, no address and no file. */
const HELPER = `!f() { test "$1" = get || exit 0; echo username=${USER}; echo "password=$CI_JOB_TOKEN"; }; f`;

/**
 * The environment for a git that works in a job of GitLab's: towards the job's own GitLab it is the job, by its token, whatever
 * the runner's home has saved for that server, and it trusts the CA that the runner names. Unchanged outside of a job.
 */
export function withJobCredentials(env: Environment): Environment {
  const { CI_JOB_TOKEN: token, CI_SERVER_URL: server, CI_SERVER_TLS_CA_FILE: ca } = env;
  if (!token || !server || !URL.canParse(server)) return env;
  const { origin, protocol, host } = new URL(server);
  const key = `credential.${origin}.helper`;
  if (Object.values(env).includes(key)) return env;
  return withSettings({ ...env, GIT_TERMINAL_PROMPT: "0" }, [
    // An empty helper forgets those that other settings name.
    [key, ""],
    [key, HELPER],
    // A runner may write its token into the remote's address. git would show that to everybody as an argument of its own helper.
    [`url.${origin}/.insteadOf`, `${protocol}//${USER}:${token}@${host}/`],
    ...(ca && !env.GIT_SSL_CAINFO ? ([[`http.${origin}/.sslCAInfo`, ca]] as const) : []),
  ]);
}

/** Adds settings of git's behind those that the environment has already. */
function withSettings(env: Environment, settings: readonly (readonly [string, string])[]): Environment {
  const first = Number(env.GIT_CONFIG_COUNT || 0);
  const variables = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return { ...env, ...Object.fromEntries(variables), GIT_CONFIG_COUNT: String(first + settings.length) };
}

import type { Layout } from "../servers/layout";

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment for a git that is GitLab's bot: the helper's shell reads the token from GITLAB_TOKEN. */
export function gitlabGit({ gitlab }: Layout, env: Environment): Environment {
  return {
    ...env,
    GIT_SSL_CAINFO: gitlab.ca,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `credential.${gitlab.address}.helper`,
    GIT_CONFIG_VALUE_0: '!f() { echo username=oauth2; echo "password=$GITLAB_TOKEN"; }; f',
  };
}

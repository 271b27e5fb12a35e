type Environment = Readonly<Record<string, string | undefined>>;

/** For git with nobody there to type a password or to accept a host's key: it fails instead of waiting. */
export function unattended(env: Environment): Environment {
  return { GIT_SSH_COMMAND: "ssh -o BatchMode=yes", ...env, GIT_TERMINAL_PROMPT: "0" };
}

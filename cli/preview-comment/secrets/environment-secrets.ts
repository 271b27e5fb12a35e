const SECRET = /TOKEN|JWT|PASSWORD|PASSPHRASE|SECRET|PRIVATE_KEY|ACCESS_KEY|API_KEY|CREDENTIAL/;
/** Where a secret lies, or what it is called, is none. */
const ABOUT = /_(?:FILE|PATH|URL|NAME|TTL)$/;

/** Values of the job's variables that are secret by their names: the program of a merge request can print them. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && SECRET.test(name.toUpperCase()) && !ABOUT.test(name.toUpperCase()) ? [value] : [],
  );
}

import { parsed } from "./fields";
import { ConfigProblem } from "./problems";

const MEND =
  "set it to a project access token of the deploy project with the role Reporter and the scope read_api";

/** `sopsloop:relayReadToken`. It is a secret, so no error may repeat it. */
export const relayReadToken = parsed("a token", (value) => {
  if (/^glptt-/.test(value))
    throw new ConfigProblem(`is a pipeline trigger token, which reads nothing; ${MEND}`);
  if (!/^[\x21-\x7e]{8,}$/.test(value))
    throw new ConfigProblem(`is no token: shorter than 8 characters, or with blanks in it; ${MEND}`);
  return value;
});

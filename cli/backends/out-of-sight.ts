import { CliError } from "../errors/cli-error";

/** What this caller is not meant to see, and nobody need mend: its keys are not looked at. Other refusals may be a fault. */
export class OutOfSight extends CliError {}

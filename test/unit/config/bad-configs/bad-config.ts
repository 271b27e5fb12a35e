/** Values by the path they are set at in the sample config, and the one line that a person reads. */
export type BadConfig = readonly [changes: Readonly<Record<string, unknown>>, line: string];

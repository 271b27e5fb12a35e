import type { Property } from "../engine/table/property";

/** The project that a thing belongs to, by number or full path. It cannot be moved to another. */
export const projectRow = { kind: "text", required: true, replace: true } as const satisfies Property;

/** An optional row of which GitLab has its own idea when the program says nothing. */
export const computedFlag = { kind: "flag", computed: true } as const satisfies Property;
export const computedText = { kind: "text", computed: true } as const satisfies Property;
export const computedInteger = { kind: "integer", computed: true } as const satisfies Property;

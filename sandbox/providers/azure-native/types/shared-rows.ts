import { type Fields, inProperties, object, outputs, text, textMap } from "../shape/property";

const TIMES = { createdAt: text, createdBy: text, createdByType: text };
const LAST_TIMES = { lastModifiedAt: text, lastModifiedBy: text, lastModifiedByType: text };

/** Who made and who changed a resource, and when. */
export const systemData: Fields = outputs({ systemData: object({ ...TIMES, ...LAST_TIMES }) });

/** What ARM tells of every resource. */
export const nameAndType: Fields = outputs({ name: text, type: text });

/** The location of what Azure cannot move. */
export const placed = { kind: "text", required: true, replace: true } as const;

export const tags: Fields = { tags: textMap };

export const provisioningState: Fields = outputs(inProperties({ provisioningState: text }));

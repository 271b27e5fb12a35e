/** A time in ISO 8601, such as `P90D`. */
interface Time {
  readonly text: string;
}

/** When Key Vault makes new versions of a key, tells of it, and lets versions end. */
export interface KeyRotation {
  /** Absent: only people rotate. */
  readonly rotate?: { readonly after: Time } | { readonly beforeExpiry: Time };
  readonly notifyBeforeExpiry?: Time;
  readonly expiry?: Time;
}

/** The policy as ARM takes it. */
export function rotationPolicy({ rotate, notifyBeforeExpiry, expiry }: KeyRotation) {
  const actions = [
    ...(rotate
      ? [
          {
            action: { type: "rotate" as const },
            trigger:
              "after" in rotate
                ? { timeAfterCreate: rotate.after.text }
                : { timeBeforeExpiry: rotate.beforeExpiry.text },
          },
        ]
      : []),
    ...(notifyBeforeExpiry
      ? [{ action: { type: "notify" as const }, trigger: { timeBeforeExpiry: notifyBeforeExpiry.text } }]
      : []),
  ];
  return { lifetimeActions: actions, ...(expiry && { attributes: { expiryTime: expiry.text } }) };
}

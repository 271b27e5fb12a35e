import { z } from "zod";
import type { JsonObject } from "../json";
import { daysOf, isDuration, shifted } from "./durations";
import type { Key, KeyVersion, LifetimeAction, RotationPolicy } from "./model";
import { badParameter } from "./vault-refusal";

const duration = z.string().refine(isDuration, "is not a duration of ISO 8601 in years, months and days");
const trigger = z.strictObject({
  timeAfterCreate: duration.nullish(),
  timeBeforeExpiry: duration.nullish(),
});

/** A rotation policy as both planes take it; they differ in the case of the action. */
export const policySchema = z.strictObject({
  id: z.string().optional(),
  lifetimeActions: z
    .array(
      z.strictObject({
        trigger,
        action: z.strictObject({
          type: z.string().regex(/^(?:rotate|notify)$/i, "is neither Rotate nor Notify"),
        }),
      }),
    )
    .optional(),
  attributes: z
    .strictObject({
      expiryTime: duration.nullish(),
      created: z.number().optional(),
      updated: z.number().optional(),
    })
    .optional(),
});

const LEAST_EXPIRY_DAYS = 28;
const LEAST_ROTATION_DAYS = 7;
const NOTIFY: LifetimeAction = { action: "Notify", timeBeforeExpiry: "P30D" };

/** Checks a policy against Key Vault's limits. A policy that says nothing of notifying does so 30 days before. */
export function policyFrom(
  wanted: z.infer<typeof policySchema>,
  before: RotationPolicy | undefined,
  now: number,
): RotationPolicy {
  const expiryTime = wanted.attributes?.expiryTime ?? undefined;
  const actions = (wanted.lifetimeActions ?? []).map(({ trigger, action }): LifetimeAction => {
    const { timeAfterCreate, timeBeforeExpiry } = trigger;
    return {
      action: /^rotate$/i.test(action.type) ? "Rotate" : "Notify",
      ...(timeAfterCreate && { timeAfterCreate }),
      ...(timeBeforeExpiry && { timeBeforeExpiry }),
    };
  });
  if (expiryTime !== undefined && daysOf(expiryTime) < LEAST_EXPIRY_DAYS)
    throw badParameter(`Key rotation policy: the expiry time has to be at least ${LEAST_EXPIRY_DAYS} days.`);
  for (const action of actions) checkAction(action, expiryTime);
  for (const kind of ["Rotate", "Notify"])
    if (actions.filter(({ action }) => action === kind).length > 1)
      throw badParameter(`Key rotation policy: there can be one action ${kind}.`);
  const notifies = actions.some(({ action }) => action === "Notify");
  return {
    created: before?.created ?? now,
    updated: now,
    ...(expiryTime !== undefined && { expiryTime }),
    actions: notifies ? actions : [...actions, NOTIFY],
  };
}

/** When the policy makes a new version, in seconds; undefined for never. */
export function rotatesAt({ policy }: Key, { created, exp }: KeyVersion): number | undefined {
  const { timeAfterCreate, timeBeforeExpiry } =
    policy?.actions.find(({ action }) => action === "Rotate") ?? {};
  if (timeAfterCreate !== undefined) return shifted(created, timeAfterCreate, 1);
  if (timeBeforeExpiry !== undefined && exp !== undefined) return shifted(exp, timeBeforeExpiry, -1);
  return undefined;
}

/** How long before expiry Event Grid is told. */
export function notifiesBefore(policy: RotationPolicy | undefined): string {
  return policy?.actions.find(({ action }) => action === "Notify")?.timeBeforeExpiry ?? "P30D";
}

/** As the data plane tells it; ARM writes the actions small. */
export function shownPolicy(policy: RotationPolicy | undefined, small = false): JsonObject {
  const actions = policy?.actions ?? [NOTIFY];
  return {
    lifetimeActions: actions.map(({ action, timeAfterCreate, timeBeforeExpiry }) => ({
      trigger: {
        ...(timeAfterCreate !== undefined && { timeAfterCreate }),
        ...(timeBeforeExpiry !== undefined && { timeBeforeExpiry }),
      },
      action: { type: small ? action.toLowerCase() : action },
    })),
    attributes: {
      ...(policy?.expiryTime !== undefined && { expiryTime: policy.expiryTime }),
      ...(policy && { created: policy.created, updated: policy.updated }),
    },
  };
}

function checkAction(
  { action, timeAfterCreate, timeBeforeExpiry }: LifetimeAction,
  expiry: string | undefined,
): void {
  const text = (problem: string) => badParameter(`Key rotation policy, action ${action}: ${problem}`);
  if ((timeAfterCreate === undefined) === (timeBeforeExpiry === undefined))
    throw text("its trigger has to have one of timeAfterCreate and timeBeforeExpiry.");
  if (action === "Notify") {
    if (timeAfterCreate !== undefined) throw text("it can be triggered by timeBeforeExpiry only.");
    return;
  }
  if (timeBeforeExpiry !== undefined && expiry === undefined)
    throw text("timeBeforeExpiry needs an expiry time of the policy.");
  if (daysOf(timeAfterCreate ?? timeBeforeExpiry ?? "P0D") < LEAST_ROTATION_DAYS)
    throw text(`its trigger has to be at least ${LEAST_ROTATION_DAYS} days.`);
  if (
    timeAfterCreate !== undefined &&
    expiry !== undefined &&
    daysOf(expiry) - daysOf(timeAfterCreate) < LEAST_ROTATION_DAYS
  )
    throw text(`it has to be at least ${LEAST_ROTATION_DAYS} days before the expiry.`);
  if (
    timeBeforeExpiry !== undefined &&
    expiry !== undefined &&
    daysOf(expiry) - daysOf(timeBeforeExpiry) < LEAST_ROTATION_DAYS
  )
    throw text(`it has to be at least ${LEAST_ROTATION_DAYS} days after the creation.`);
}

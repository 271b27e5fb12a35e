import type { z } from "zod";
import { parsed, strict } from "./fields";
import { ConfigProblem, describe } from "./problems";

/** A time as Key Vault takes it. */
export interface Period {
  /** ISO 8601, such as `P90D`. */
  readonly text: string;
  /** About how many days it is. */
  readonly days: number;
}

/** When Key Vault makes new versions of the key, tells of it, and lets versions end. */
export interface RotationSettings {
  /** Absent: only people rotate. */
  readonly rotate?: { readonly after: Period } | { readonly beforeExpiry: Period };
  readonly notifyBeforeExpiry?: Period;
  /** How long a version encrypts. It decrypts for as long as it is enabled. */
  readonly expiry?: Period;
}

const DURATION = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/;
const EXAMPLE = "days, months or years in ISO 8601, such as P90D";

/** Azure's own limits, in days. */
const LEAST_EXPIRY = 28;
const LEAST = 7;

function atLeast(least: number, value: string): Period {
  const match = DURATION.exec(value);
  if (!match) throw new ConfigProblem(`is ${describe(value)}; set it to ${EXAMPLE}`);
  const [, years = "0", months = "0", days = "0"] = match;
  const found = { text: value, days: Number(years) * 365 + Number(months) * 30 + Number(days) };
  if (found.days < least)
    throw new ConfigProblem(`is ${value}; set it to at least P${least}D, Key Vault takes no less`);
  return found;
}

const period = (least: number) => parsed(EXAMPLE, (value) => atLeast(least, value));
const periodOrNever = (least: number) =>
  parsed(`${EXAMPLE}, or never`, (value) => (value === "never" ? value : atLeast(least, value)));

const given = strict({
  rotateAfter: periodOrNever(LEAST).optional(),
  rotateBeforeExpiry: period(LEAST).optional(),
  notifyBeforeExpiry: period(LEAST).optional(),
  expiry: periodOrNever(LEAST_EXPIRY).prefault("P2Y"),
});

/** `sopsloop:azure.key.rotation`. */
export const rotationSection = given
  .transform((settings, context): RotationSettings => {
    const { rotateBeforeExpiry, notifyBeforeExpiry } = settings;
    const expiry = settings.expiry === "never" ? undefined : settings.expiry;
    const rotateAfter = settings.rotateAfter ?? (rotateBeforeExpiry ? "never" : atLeast(LEAST, "P90D"));
    const after = rotateAfter === "never" ? undefined : rotateAfter;
    const problem =
      expiry === undefined
        ? withoutExpiry(settings)
        : beyondExpiry(expiry, { rotateAfter: after, rotateBeforeExpiry, notifyBeforeExpiry });
    if (settings.rotateAfter && rotateBeforeExpiry)
      complain("rotateBeforeExpiry", "is set, and so is rotateAfter; give one of them");
    else if (problem) complain(...problem);
    return {
      ...(after && { rotate: { after } }),
      ...(rotateBeforeExpiry && { rotate: { beforeExpiry: rotateBeforeExpiry } }),
      // Shorter lives than the default's own month are near their end at once.
      ...(expiry && {
        expiry,
        notifyBeforeExpiry: notifyBeforeExpiry ?? atLeast(LEAST, expiry.days > 60 ? "P30D" : "P7D"),
      }),
    };

    function complain(key: string, message: string) {
      context.issues.push({ code: "custom", path: [key], message, input: undefined });
    }
  })
  .prefault({});

type Problem = readonly [key: string, message: string];

function withoutExpiry(settings: z.output<typeof given>): Problem | undefined {
  const key = (["rotateBeforeExpiry", "notifyBeforeExpiry"] as const).find((name) => settings[name]);
  return key && [key, "is set, but versions never expire; set expiry, or remove it"];
}

/** What does not fit before a version's end. */
function beyondExpiry(
  expiry: Period,
  times: Readonly<Record<string, Period | undefined>>,
): Problem | undefined {
  const late = Object.entries(times).find(([, time]) => time && time.days > expiry.days - LEAST);
  if (!late?.[1]) return undefined;
  const [key, time] = late;
  return [
    key,
    `is ${time.text}, and versions expire after ${expiry.text}; Key Vault wants P${LEAST}D between, so change one of them`,
  ];
}

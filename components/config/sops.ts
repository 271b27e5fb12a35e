import { z } from "zod";
import { expected, flag, parsed, regex, strict } from "./fields";
import { ConfigProblem, describe } from "./problems";

/** `sopsloop:sops`: what the rendered .sops.yaml says beside its recipients. */
export const sopsSection = strict({
  pathRegex: regex.default("\\.sops\\.ya?ml$"),
  encryptedRegex: regex.default("^(data|stringData)$"),
  macOnlyEncrypted: flag("cover only encrypted values with the MAC").default(true),
});

export type SopsSettings = z.output<typeof sopsSection>;

const recipient = parsed("an age recipient (age1…)", (value) => {
  if (/AGE-SECRET-KEY-/i.test(value)) {
    throw new ConfigProblem("is a private age key; treat it as leaked, and give its public half (age1…)");
  }
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(value)) {
    throw new ConfigProblem(`is ${describe(value)}; set it to an age recipient, age1 and 58 more characters`);
  }
  return value;
});

/** `sopsloop:age`: break-glass recipients, the only ones that work with every server down. */
export const ageSection = strict({
  recipients: z
    .array(recipient, { error: expected("a list of age recipients (age1…)") })
    .min(1, { error: "is empty; give at least one age recipient, or remove sopsloop:age" }),
});

export type AgeSettings = z.output<typeof ageSection>;

import * as pulumi from "@pulumi/pulumi";
import manifest from "./package.json";

/** What the provider's schema says of one property. A secret one is secret in the state, whatever the program says. */
export type Role = "required" | "optional" | "secret optional" | "output" | "secret output";

/** Every property of a resource type with its role. `State` has them all, so none can be forgotten here. */
export type Shape<State> = { readonly [Name in keyof Required<State>]: Role };

/**
 * The properties that a resource registers: those of the arguments, or of the state when an existing one is looked up by
 * id. Outputs are named without a value, so that a preview knows them as not known yet. Throws when a required one is missing.
 */
export function propertiesOf<State extends object>(
  shape: Shape<State>,
  given: object | undefined,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const values: pulumi.Inputs = given ?? {};
  const rows = Object.entries<Role>(shape);
  if (options?.id !== undefined) return Object.fromEntries(rows.map(([name]) => [name, values[name]]));
  const missing = rows.find(([name, role]) => role === "required" && values[name] === undefined);
  if (missing !== undefined && options?.urn === undefined) {
    throw new Error(`Missing required property '${missing[0]}'`);
  }
  return Object.fromEntries(rows.map(([name, role]) => [name, argument(role, values[name])]));
}

/** Options as every resource of the package has them: this version of the plugin, and the secret outputs of the type. */
export function optionsOf(
  shape: object,
  options: pulumi.ResourceOptions | undefined,
): pulumi.ResourceOptions {
  const whole = pulumi.mergeOptions(packageOptions(), options);
  const secrets = Object.entries<Role>({ ...shape })
    .filter(([, role]) => role.startsWith("secret"))
    .map(([name]) => name);
  return secrets.length === 0 ? whole : pulumi.mergeOptions(whole, { additionalSecretOutputs: secrets });
}

/** Options that go with every resource and function. The caller's own `version` and `pluginDownloadURL` win over them. */
export function packageOptions(): { readonly version: string } {
  return { version: manifest.version };
}

function argument(role: Role, value: unknown): unknown {
  if (role === "output" || role === "secret output") return undefined;
  if (role === "secret optional") return value ? pulumi.secret(value) : undefined;
  return value;
}

/** True for a resource of this type, whichever copy of its class made it. */
export function isOfType(candidate: unknown, type: string): boolean {
  return typeof candidate === "object" && candidate !== null && "__pulumiType" in candidate
    ? candidate.__pulumiType === type
    : false;
}

import type * as pulumi from "@pulumi/pulumi";

/**
 * Takes away the names that a resource type once had with an API's version in it, up to forty of them. No state of this program has ever
 * held one, and to work them out takes a third of a preview's own time.
 */
export const withoutAliases: pulumi.ResourceTransformation = ({ type, props, opts }) =>
  type.startsWith("azure-native:") ? { props, opts: { ...opts, aliases: [] } } : undefined;

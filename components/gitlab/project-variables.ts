import { ProjectVariable } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

/** A value that the chart job makes part of a Kubernetes Secret. */
export interface ChartSecret {
  readonly value: pulumi.Output<string>;
  /** The GitLab environment whose jobs get it. */
  readonly environment: string;
  readonly masked: boolean;
  readonly description?: string | undefined;
}

export interface ProjectVariablesArgs {
  readonly project: pulumi.Input<string>;
  /** PEM text of the CA that signed Vault's certificate; absent for a public one. */
  readonly vaultCaPem?: pulumi.Input<string> | undefined;
  readonly secrets: Readonly<Record<string, ChartSecret>>;
}

/** CI/CD variables of the deploy repository's project. Never a credential of the pipeline itself: jobs log in by their ID token. */
export class ProjectVariables extends pulumi.ComponentResource {
  /** Names with their environments, sorted: `DB_PASSWORD (production)`. */
  public readonly names: pulumi.Output<readonly string[]>;

  constructor(name: string, args: ProjectVariablesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:gitlab:ProjectVariables", name, {}, opts);

    const { project, vaultCaPem } = args;
    if (vaultCaPem !== undefined)
      new ProjectVariable(
        `${name}-vault-cacert`,
        {
          project,
          key: "VAULT_CACERT",
          value: vaultCaPem,
          variableType: "file",
          description: "CA that signed Vault's certificate",
          // No secret, and the status job of a merge request needs it.
          protected: false,
          masked: false,
          raw: true,
        },
        { parent: this },
      );
    const secrets = Object.entries(args.secrets).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, { value, environment, masked, description }] of secrets)
      new ProjectVariable(
        `${name}-variable-${key}`,
        {
          project,
          key,
          value: pulumi.secret(value),
          variableType: "env_var",
          environmentScope: environment,
          protected: true,
          masked,
          // A `$` in a password is a `$`.
          raw: true,
          ...(description !== undefined && { description }),
        },
        { parent: this },
      );

    this.names = pulumi.output([
      ...(vaultCaPem === undefined ? [] : ["VAULT_CACERT (*)"]),
      ...secrets.map(([key, { environment }]) => `${key} (${environment})`),
    ]);
    this.registerOutputs({ names: this.names });
  }
}

import { ProjectJobTokenScope } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

export interface AppAccessArgs {
  /** Number of the deploy repository's project, as text. */
  readonly deploy: pulumi.Input<string>;
  /** Number of the app's project, as text. */
  readonly app: string;
}

/**
 * Lets the jobs of two projects at each other: the app's may start a pipeline of the deploy repository, whose chart job may clone the app. See
 * docs/decisions/0006-chart-job-in-the-deploy-project.md.
 */
export class AppAccess extends pulumi.ComponentResource {
  constructor(name: string, { deploy, app }: AppAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:gitlab:AppAccess", name, {}, opts);

    new ProjectJobTokenScope(
      `${name}-starts-chart`,
      { project: deploy, targetProjectId: Number(app) },
      { parent: this },
    );
    new ProjectJobTokenScope(
      `${name}-is-cloned`,
      { project: app, targetProjectId: pulumi.output(deploy).apply(Number) },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

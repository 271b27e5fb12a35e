import { PipelineSchedule } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

export interface PipelineSweepArgs {
  readonly project: pulumi.Input<string>;
  readonly branch: string;
  /** Five fields. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
}

/** A pipeline by the clock that rewraps what is stale: the answer to every event that was lost, or that nobody sends. */
export class PipelineSweep extends pulumi.ComponentResource {
  /** The schedule's number within GitLab. */
  public readonly scheduleId: pulumi.Output<number>;

  constructor(name: string, args: PipelineSweepArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:gitlab:PipelineSweep", name, {}, opts);

    const schedule = new PipelineSchedule(
      `${name}-sweep`,
      {
        project: args.project,
        description: "sopsloop: rewrap what is stale",
        ref: `refs/heads/${args.branch}`,
        cron: args.cron,
        cronTimezone: args.timezone,
        active: true,
        // A schedule stops when its owner leaves; it is to be the account that Pulumi works as, not whoever touched it last.
        takeOwnership: true,
      },
      { parent: this },
    );

    this.scheduleId = schedule.pipelineScheduleId;
    this.registerOutputs({ scheduleId: this.scheduleId });
  }
}

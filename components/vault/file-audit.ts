import * as pulumi from "@pulumi/pulumi";
import { Audit } from "@pulumi/vault/audit";
import type { TakeOvers } from "./existing";

export interface FileAuditArgs {
  /** Absolute path on the Vault server. Vault stops serving when it cannot write there: watch the disk. */
  readonly path: string;
  /** Name of the audit device. */
  readonly mount: string;
  /** A device that is there already. */
  readonly existing: TakeOvers;
}

/** Vault's file audit device: one line for each request and response, secrets hashed. */
export class FileAudit extends pulumi.ComponentResource {
  /** Absolute path of the log on the Vault server. */
  public readonly path: pulumi.Output<string>;

  constructor(name: string, args: FileAuditArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:vault:FileAudit", name, {}, opts);

    const audit = new Audit(
      `${name}-device`,
      {
        type: "file",
        path: args.mount,
        description: args.existing.mark,
        options: { file_path: args.path },
      },
      { parent: this, ignoreChanges: ["description"], ...args.existing.mounted("audit", args.mount) },
    );

    this.path = audit.options.apply(({ file_path }) => file_path ?? args.path);
    this.registerOutputs({ path: this.path });
  }
}

import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { receiverPath } from "./receiver-path";

export interface FluxReceiverArgs {
  /** Namespace that Flux runs in. */
  readonly namespace: string;
  /** Name of the GitRepository to look at when a push is told. */
  readonly source: string;
  /** Name of the Receiver. @default sopsloop */
  readonly objects?: string | undefined;
  /** What the sender has to know, secret. */
  readonly token: pulumi.Output<string>;
}

/** Makes Flux look at the deploy repository as soon as GitLab tells of a push. */
export class FluxReceiver extends pulumi.ComponentResource {
  /** Path to post to, secret: it is made from the token. */
  public readonly path: pulumi.Output<string>;

  constructor(name: string, args: FluxReceiverArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:flux:FluxReceiver", name, {}, opts);

    const token = pulumi.secret(args.token);
    const { objects = "sopsloop" } = args;
    const secret = new Secret(
      `${name}-receiver-token`,
      {
        metadata: { name: `${objects}-receiver`, namespace: args.namespace },
        data: { token: token.apply((text) => Buffer.from(text, "utf8").toString("base64")) },
      },
      { parent: this },
    );
    const receiver = new CustomResource(
      `${name}-receiver`,
      {
        apiVersion: "notification.toolkit.fluxcd.io/v1",
        kind: "Receiver",
        metadata: { name: objects, namespace: args.namespace },
        spec: {
          type: "gitlab",
          events: ["Push Hook"],
          secretRef: { name: secret.metadata.name },
          resources: [
            { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: args.source },
          ],
        },
      },
      // Its status tells the path in clear.
      { parent: this, additionalSecretOutputs: ["status"] },
    );

    this.path = pulumi.secret(
      pulumi
        .all([token, receiver.metadata])
        .apply(([text, made]) => receiverPath(text, made.name ?? objects, args.namespace)),
    );
    this.registerOutputs({ path: this.path });
  }
}

import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf } from "./shape";

/** How to reach GitLab, and as whom. What is left out comes from the environment, or from the stack's `gitlab:` config. */
export interface ProviderArgs {
  /** `https://gitlab.example.com/api/v4/`, with a slash at the end. Or GITLAB_BASE_URL. Default: gitlab.com. */
  baseUrl?: pulumi.Input<string | undefined>;
  /** File with the CA that signed GitLab's certificate, as PEM. */
  cacertFile?: pulumi.Input<string | undefined>;
  /** File with a client certificate, as PEM. */
  clientCert?: pulumi.Input<string | undefined>;
  /** File with the client certificate's key, as PEM. */
  clientKey?: pulumi.Input<string | undefined>;
  /** Path of a config file of the provider. Or GITLAB_CONFIG_FILE. */
  configFile?: pulumi.Input<string | undefined>;
  /** The context of the config file to use. Or GITLAB_CONTEXT. */
  context?: pulumi.Input<string | undefined>;
  /** Default true: asks GitLab who the token's user is before anything else. Or GITLAB_EARLY_AUTH_CHECK. */
  earlyAuthCheck?: pulumi.Input<boolean | undefined>;
  /** Without a token, takes address and job token from the CI job that runs it. */
  enableAutoCiSupport?: pulumi.Input<boolean | undefined>;
  /** Headers for every request. */
  headers?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  /** True believes any certificate. */
  insecure?: pulumi.Input<boolean | undefined>;
  /** How often a request that met GitLab's rate limit (429) is sent again, each time after a longer wait. */
  retries?: pulumi.Input<number | undefined>;
  /** Personal, project, group or OAuth token. Better left to GITLAB_TOKEN. Always a secret. */
  token?: pulumi.Input<string | undefined>;
}

/** A GitLab server, as the user of one token. */
export class Provider extends pulumi.ProviderResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab";

  /** True for a Provider of this package, of another copy of it as well. */
  public static override isInstance(obj: unknown): obj is Provider {
    return isOfType(obj, `pulumi:providers:${Provider.__pulumiType}`);
  }

  declare public readonly baseUrl: pulumi.Output<string | undefined>;
  declare public readonly cacertFile: pulumi.Output<string | undefined>;
  declare public readonly clientCert: pulumi.Output<string | undefined>;
  declare public readonly clientKey: pulumi.Output<string | undefined>;
  declare public readonly configFile: pulumi.Output<string | undefined>;
  declare public readonly context: pulumi.Output<string | undefined>;
  declare public readonly token: pulumi.Output<string | undefined>;

  constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions) {
    // Provider config travels as text: what is no text goes as JSON.
    const inputs: pulumi.Inputs = {
      baseUrl: args?.baseUrl,
      cacertFile: args?.cacertFile,
      clientCert: args?.clientCert,
      clientKey: args?.clientKey,
      configFile: args?.configFile,
      context: args?.context,
      earlyAuthCheck: pulumi.jsonStringify(args?.earlyAuthCheck),
      enableAutoCiSupport: pulumi.jsonStringify(args?.enableAutoCiSupport),
      headers: pulumi.jsonStringify(args?.headers),
      insecure: pulumi.jsonStringify(args?.insecure),
      retries: pulumi.jsonStringify(args?.retries),
      token: args?.token ? pulumi.secret(args.token) : undefined,
    };
    super(Provider.__pulumiType, name, inputs, optionsOf({ token: "secret optional" }, opts));
  }
}

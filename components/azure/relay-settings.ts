import * as pulumi from "@pulumi/pulumi";
import { deliverySecret } from "./delivery-secret";

/** Who may deliver: the holder of a secret, or Event Grid by a token for an application of the tenant. */
export type RelayAuth =
  | { readonly mode: "secret"; readonly secretIn: SecretPlace }
  | {
      readonly mode: "entra";
      readonly tenantId: string;
      readonly application: string;
      /** Client ids of applications that may deliver beside Event Grid. */
      readonly replayers: readonly string[];
    };

/** Where Event Grid shows the secret: in a header of its deliveries, or in the query of the webhook's address. */
export type SecretPlace = "header" | "address";

/** Client id of Microsoft's Event Grid in public Azure. */
const EVENT_GRID = "4962773b-9cdb-44cf-a8bf-237846a00ab7";

export interface RelaySettingsArgs {
  readonly gitlab: {
    /** GitLab's URL, without a slash at the end. */
    readonly url: string;
    /** The project's number, as text. */
    readonly project: pulumi.Input<string>;
    readonly branch: string;
  };
  /** Keys whose rotation counts, as `vault/key`. */
  readonly keys: readonly string[];
  /** Name of the event subscriptions. */
  readonly subscription: string;
  readonly auth: RelayAuth;
}

/** What a relay is told wherever it runs, by environment variables. Its secrets and its claims come on top. */
export function relaySettings({ gitlab, keys, subscription, auth }: RelaySettingsArgs) {
  return {
    GITLAB_URL: gitlab.url,
    GITLAB_PROJECT: gitlab.project,
    GITLAB_REF: gitlab.branch,
    RELAY_KEYS: keys.join(","),
    RELAY_SUBSCRIPTIONS: subscription,
    RELAY_AUTH: auth.mode,
    ...(auth.mode === "entra" && {
      RELAY_ENTRA_TENANT: auth.tenantId,
      RELAY_ENTRA_AUDIENCES: auth.application,
      // The relay knows Event Grid by itself, until it is given a list.
      ...(auth.replayers.length > 0 && {
        RELAY_ENTRA_CALLERS: [EVENT_GRID, ...auth.replayers].join(","),
      }),
    }),
  };
}

/** Name of the read token in a vault. */
const READ_TOKEN = "gitlab-read";

/** A secret that a relay is given. */
export interface RelaySecret {
  /** Name that it gets in a vault. */
  readonly name: string;
  readonly value: pulumi.Output<string>;
}

/** How Event Grid shows a relay that it is Event Grid. */
export type DeliveryProof =
  | { readonly secret: pulumi.Output<string>; readonly secretIn: SecretPlace }
  | { readonly tenantId: string; readonly application: string };

export interface RelaySecrecy {
  /** By environment variable. */
  readonly secrets: Readonly<Record<string, RelaySecret>>;
  readonly proof: DeliveryProof;
}

/**
 * The secrets of a relay. Of two trigger tokens both hold, and so do the delivery secrets that are made of them: nothing is refused while
 * one takes the other's place. Event Grid shows the newest, since an older one may be on its way out.
 *
 * @param triggers names of the trigger tokens, oldest first
 * @param readToken by which it looks for pipelines that it has started and could not write down
 */
export function relaySecrecy(
  triggers: readonly string[],
  triggerTokens: pulumi.Output<Readonly<Record<string, string>>>,
  auth: RelayAuth,
  readToken?: pulumi.Output<string>,
): RelaySecrecy {
  const tokenOf = (trigger: string) => pulumi.secret(triggerTokens.apply((tokens) => tokens[trigger] ?? ""));
  const deliveryOf = (trigger: string) => tokenOf(trigger).apply(deliverySecret);
  const secrets = triggers.flatMap((trigger, at) => {
    const next = at === 0 ? "" : "_NEXT";
    const token = { name: `gitlab-trigger-${trigger}`, value: tokenOf(trigger) };
    const delivery = { name: `relay-delivery-${trigger}`, value: deliveryOf(trigger) };
    return [
      [`GITLAB_TRIGGER_TOKEN${next}`, token] as const,
      ...(auth.mode === "secret" ? [[`RELAY_SECRET${next}`, delivery] as const] : []),
    ];
  });
  return {
    secrets: {
      ...Object.fromEntries(secrets),
      ...(readToken && { GITLAB_READ_TOKEN: { name: READ_TOKEN, value: readToken } }),
    },
    proof:
      auth.mode === "secret"
        ? { secret: deliveryOf(triggers.at(-1) ?? ""), secretIn: auth.secretIn }
        : { tenantId: auth.tenantId, application: auth.application },
  };
}

import { SECRET_HEADER } from "../auth/shared-secret";
import { isObject } from "../events/record";
import type { DeadLetter } from "./dead-letters";
import type { ReplayOutcome, ReplayTarget } from "./replay";

/** What lets a sender in: the relay's shared secret, or a token of Microsoft Entra ID. */
export type ReplayCredential =
  | { readonly kind: "secret"; readonly value: string }
  | { readonly kind: "token"; readonly value: string };

const TIMEOUT_MS = 40_000;
const OUTCOMES = ["triggered", "duplicate", "ignored"] as const;

/** Posts replayed events to a relay, as Event Grid would. */
export class RemoteRelay implements ReplayTarget {
  /** @param address of the webhook, such as `https://relay.example.com/events`. */
  constructor(
    private readonly address: string,
    private readonly credential: ReplayCredential,
    private readonly fetch: typeof globalThis.fetch = globalThis.fetch,
  ) {}

  async deliver(event: DeadLetter["event"]): Promise<ReplayOutcome> {
    const { kind, value } = this.credential;
    const response = await this.fetch(this.address, {
      method: "POST",
      headers: {
        "content-type": "specversion" in event ? "application/cloudevents+json" : "application/json",
        ...(kind === "secret" ? { [SECRET_HEADER]: value } : { authorization: `Bearer ${value}` }),
      },
      body: JSON.stringify(event),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new Error(`the relay cannot be reached (${reasonOf(error)})`);
    });
    const answer = parsed(await response.text());
    if (response.status !== 200) {
      const says = isObject(answer) && typeof answer.error === "string" ? `: ${answer.error}` : "";
      throw new Error(`the relay answers ${response.status}${says}`);
    }
    const outcome = OUTCOMES.find((name) => isObject(answer) && answer[name] === 1);
    if (outcome === undefined) throw new Error("this is not a relay: it answers something else");
    return outcome;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  return (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.name : "unknown");
}

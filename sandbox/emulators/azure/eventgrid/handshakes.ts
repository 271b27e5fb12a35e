import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ArmRefusal } from "../arm/arm-refusal";
import type { Clock, Scheduled } from "../clock";
import { textAt } from "../json";
import type { OutboundAnswer } from "../outbound";
import { type DeliveryHeaders, ORIGIN } from "./delivery-headers";
import { gridEvent } from "./schemas";
import type { EventSubscription } from "./subscription";
import type { Webhooks } from "./webhooks";

/** A receiver that has to be asked by hand: somebody gets the validation URL in time, or not. */
interface Waiting {
  readonly deadline: number;
  readonly end: (error?: ArmRefusal) => void;
}

/** Host that validation URLs lead to, at port 553. */
export const VALIDATION_HOST = "rp-emulator.eventgrid.azure.net";

const MANUAL_MS = 10 * 60 * 1_000;
/** A receiver that did not answer within 30 s is asked again 5 s later. */
const AGAIN_AFTER = 5 / 30;
const RATE = "120";

/** Asks receivers whether they want events at all, before they get any. */
export class Handshakes implements Scheduled {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly clock: Clock,
    readonly webhooks: Webhooks,
    private readonly headers: DeliveryHeaders,
  ) {}

  /**
   * Resolves once the receiver has consented; rejects with an ArmRefusal when it does not.
   * @param onManual called when it answers without consenting, and somebody has to
   */
  async ask(subscription: EventSubscription, onManual: () => void): Promise<void> {
    const code = randomUUID().toUpperCase();
    const url = `https://${VALIDATION_HOST}:553/eventsubscriptions/${subscription.name.toLowerCase()}/validate?id=${code}`;
    const answer = await this.send(subscription, code, url);
    if (answer.status !== 200)
      throw refusal(subscription, `Http POST request failed with response code ${answer.status}.`);
    if (consents(subscription, answer, code)) return;
    onManual();
    await this.byHand(subscription, code, answer.body);
  }

  /** Somebody got a validation URL. @returns whether it was in time */
  validate(code: string): boolean {
    const waiting = this.waiting.get(code.toUpperCase());
    waiting?.end();
    return waiting !== undefined;
  }

  nextDue(): number | undefined {
    const times = [...this.waiting.values()].map(({ deadline }) => deadline);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  begin(now: number): void {
    for (const { deadline, end } of [...this.waiting.values()])
      if (deadline <= now)
        end(new ArmRefusal(400, "Url validation", "The validation URL was not asked for in time."));
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }

  private async send(subscription: EventSubscription, code: string, url: string): Promise<OutboundAnswer> {
    try {
      return await this.once(subscription, code, url).catch(async (error: Error) => {
        if (!error.message.startsWith("no answer within")) throw error;
        await sleep(this.webhooks.timeoutMs * AGAIN_AFTER);
        return this.once(subscription, code, url);
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw refusal(subscription, `Http POST request failed with response code Unknown (${why}).`);
    }
  }

  private async once(subscription: EventSubscription, code: string, url: string): Promise<OutboundAnswer> {
    const headers = await this.headers.of(subscription, "SubscriptionValidation", 0, undefined);
    const { endpoint, topicId: source, schema } = subscription;
    if (schema === "CloudEventSchemaV1_0") {
      const { "content-type": _none, ...rest } = headers;
      const asks = { "webhook-request-callback": url, "webhook-request-rate": RATE };
      return this.webhooks.send(endpoint, "OPTIONS", { ...rest, ...asks });
    }
    const event = gridEvent({
      id: randomUUID(),
      source,
      subject: "",
      type: "Microsoft.EventGrid.SubscriptionValidationEvent",
      time: this.clock.isoNow(),
      data: { validationCode: code, validationUrl: url },
    });
    return this.webhooks.send(endpoint, "POST", headers, JSON.stringify([{ ...event, dataVersion: "2" }]));
  }

  private byHand(subscription: EventSubscription, code: string, body: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.set(code, {
        deadline: this.clock.now() + MANUAL_MS,
        end: (error) => {
          this.waiting.delete(code);
          if (error === undefined) return resolve();
          const text =
            `Http POST request retuned 2XX response with response body ${body.slice(0, 100)}. When a validation request ` +
            "is accepted without validation code in the response body, Http GET is expected on the validation url " +
            "included in the validation event(within 10 minutes).";
          reject(refusal(subscription, text));
        },
      });
    });
  }
}

function consents({ schema }: EventSubscription, { headers, body }: OutboundAnswer, code: string): boolean {
  if (schema === "CloudEventSchemaV1_0") {
    const origin = headers["webhook-allowed-origin"];
    return origin === ORIGIN || origin === "*";
  }
  try {
    return textAt(JSON.parse(body), "validationResponse")?.toUpperCase() === code;
  } catch {
    return false;
  }
}

/** The endpoint is told without its query, which may hold a secret. */
function refusal({ endpoint }: EventSubscription, problem: string): ArmRefusal {
  return new ArmRefusal(
    400,
    "Url validation",
    `Webhook validation handshake failed for ${endpoint.origin}${endpoint.pathname}. ${problem} For troubleshooting, ` +
      "visit https://aka.ms/esvalidation.",
  );
}

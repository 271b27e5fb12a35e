import { setTimeout as sleep } from "node:timers/promises";
import {
  type HttpAnswer,
  type HttpRequest,
  HttpTransport,
  type Unreached,
} from "../../engine/http-transport";
import { proxyFor } from "../../engine/proxy";
import { UnknownOutcomeError } from "../../engine/unknown-outcome-error";
import { waitMs } from "./waiting";

/** One request, and what it is for: as in "Azure refused to …". */
export interface Ask extends Omit<HttpRequest, "body"> {
  readonly body?: string | Buffer | undefined;
  readonly doing: string;
}

/** As the official provider has it. */
const ATTEMPTS = 4;
/** Azure asks for another attempt later. Every request here may be sent twice: it says the whole of what is wanted. */
const BUSY: readonly number[] = [408, 429, 500, 502, 503, 504];
/** A connection that may well come about a moment later. */
const PASSING: readonly string[] = ["EAI_AGAIN", "ECONNRESET", "ETIMEDOUT"];
const READS: readonly string[] = ["GET", "HEAD", "POST"];

/** HTTPS to Azure's services, through the proxy of the environment. What met a busy service is sent again. */
export class AzureHttp {
  private readonly transports = new Map<string, HttpTransport>();
  private readonly stopped = new AbortController();

  /** @param ca PEM of the CAs to believe; undefined for those that Node knows. */
  constructor(private readonly ca: string | undefined) {}

  /** Ends what waits for its next attempt. */
  stop(): void {
    this.stopped.abort(new Error("interrupted"));
  }

  /** Rejects with "interrupted" when `stop` was called meanwhile. */
  async wait(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => {
      throw new Error("interrupted");
    });
  }

  /** The answer, whatever its status. */
  async send(ask: Ask): Promise<HttpAnswer> {
    for (let attempt = 0; ; attempt++) {
      const isLast = attempt + 1 >= ATTEMPTS;
      const answer = await this.attempt(ask, isLast);
      if (answer !== undefined && "status" in answer) {
        if (isLast || !isBusy(answer)) return answer;
      } else if (answer !== undefined && (isLast || !PASSING.includes(answer.code))) {
        throw unreachable(ask, answer);
      }
      await this.wait(waitMs(attempt, answer !== undefined && "status" in answer ? answer.headers : {}));
    }
  }

  /** `undefined` when the connection broke, which the last attempt throws. */
  private async attempt(ask: Ask, isLast: boolean): Promise<HttpAnswer | Unreached | undefined> {
    try {
      return await this.transport(ask.url).send({ ...ask, body: ask.body });
    } catch (error) {
      if (!isLast) return undefined;
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code ?? message;
      if (READS.includes(ask.method)) throw unreachable(ask, { code: why, reason: message });
      throw new UnknownOutcomeError(
        `Azure at ${ask.url.host} did not answer (${why}): whether it went on to ${ask.doing}, nobody can tell`,
      );
    }
  }

  private transport(url: URL): HttpTransport {
    const known = this.transports.get(url.origin);
    if (known !== undefined) return known;
    const transport = new HttpTransport(url.protocol === "https:", { ca: this.ca }, proxyFor(url));
    this.transports.set(url.origin, transport);
    return transport;
  }
}

/** The one conflict that means "later": another operation on the same thing is under way. */
function isBusy({ status, text }: HttpAnswer): boolean {
  return BUSY.includes(status) || (status === 409 && text.includes('"AnotherOperationInProgress"'));
}

function unreachable({ url, doing }: Ask, { reason, code }: Unreached): Error {
  const hint = code === "EPROXY" ? "; HTTPS_PROXY names the proxy, NO_PROXY what goes past it" : "";
  return new Error(`cannot reach Azure at ${url.host} to ${doing}: ${reason} (${code})${hint}`);
}

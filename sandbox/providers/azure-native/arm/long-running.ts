import type { HttpAnswer } from "../../engine/http-transport";
import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { isMap } from "../../engine/wire";
import { complaintIn } from "../http/azure-error";
import { mapIn } from "../http/json";
import { askedMs } from "../http/waiting";
import { UnfinishedError } from "./unfinished-error";

const FIRST_POLL_MS = 1000;
const GROWTH = 1.5;
const LONGEST_POLL_MS = 15_000;
/** Even when Azure asks for no pause. */
const SHORTEST_POLL_MS = 50;

/** What looking after an operation needs of the client. */
export interface Poller {
  /** GET, with the token. */
  get(url: URL, doing: string): Promise<HttpAnswer>;
  /** Rejects when the engine was interrupted. */
  wait(milliseconds: number): Promise<void>;
  /** Whether the token may be shown to this address. */
  isAzure(url: URL): boolean;
}

interface Operation {
  readonly method: "PUT" | "DELETE";
  readonly url: URL;
  readonly doing: string;
}

/** Whether an operation is over. Throws when it failed. */
type Verdict = (answer: HttpAnswer) => boolean;

/**
 * Follows an operation that Azure goes on with after its answer, by the header `Azure-AsyncOperation`, else by `Location`, else
 * by the resource's own `provisioningState`. It asks as often as `Retry-After` says.
 */
export class LongRunning {
  constructor(
    private readonly poller: Poller,
    private readonly longestMs = 30 * 60_000,
  ) {}

  /** Resolves at the operation's end. Throws an UnfinishedError when there is none, or not the one that was wanted. */
  async end(answer: HttpAnswer, operation: Operation): Promise<void> {
    const { method, url, doing } = operation;
    const operationUrl = this.followed(answer.headers["azure-asyncoperation"], operation);
    if (operationUrl !== undefined) {
      return this.poll(operationUrl, answer, doing, (poll) => isOver(mapIn(poll).status, poll, doing));
    }
    if (answer.status === 202) {
      const location = this.followed(answer.headers.location, operation);
      if (location !== undefined) return this.poll(location, answer, doing, (poll) => arrived(poll, doing));
    }
    if (method === "DELETE") return;
    const state = (poll: HttpAnswer): boolean => isOver(stateIn(mapIn(poll)), poll, doing);
    const tells = stateIn(mapIn(answer)) !== undefined;
    if (tells && !state(answer)) await this.poll(url, answer, doing, state);
  }

  private async poll(url: URL, first: HttpAnswer, doing: string, isDone: Verdict): Promise<void> {
    const began = Date.now();
    let last = first;
    for (let count = 0; ; count++) {
      if (Date.now() - began > this.longestMs) {
        const minutes = Math.round(this.longestMs / 60_000);
        throw new UnfinishedError(`Azure has begun to ${doing}, but is not done after ${minutes} minutes`);
      }
      const usual = Math.min(FIRST_POLL_MS * GROWTH ** count, LONGEST_POLL_MS);
      await this.poller.wait(Math.max(askedMs(last.headers) ?? usual, SHORTEST_POLL_MS)).catch(() => {
        throw new UnfinishedError(`interrupted while Azure goes on to ${doing}`);
      });
      last = await this.poller.get(url, `tell how far it is to ${doing}`);
      if (isDone(last)) return;
    }
  }

  /** An address that Azure names, relative or whole. The token goes to no other server than ARM's. */
  private followed(header: string | string[] | undefined, { url, doing }: Operation): URL | undefined {
    const address = String(header ?? "");
    if (address === "" || !URL.canParse(address, url.href)) return undefined;
    const followed = new URL(address, url);
    if (this.poller.isAzure(followed)) return followed;
    throw new UnfinishedError(
      `Azure has begun to ${doing}, and names ${followed.origin} to ask how far it is; the token does not go there`,
    );
  }
}

/** What `Location` leads to is there as soon as it is no more 202; a thing that was deleted is gone. */
function arrived(answer: HttpAnswer, doing: string): boolean {
  if (answer.status === 202) return false;
  if (answer.status < 300 || answer.status === 404) return true;
  throw failure(answer, doing);
}

function isOver(state: PlainValue | undefined, answer: HttpAnswer, doing: string): boolean {
  if (answer.status >= 400) throw failure(answer, doing);
  if (state === undefined || state === null) return answer.status !== 202;
  switch (String(state).toLowerCase()) {
    case "succeeded":
      return true;
    case "failed":
    case "canceled":
    case "cancelled":
      throw failure(answer, doing);
    default:
      return false;
  }
}

function stateIn(body: PlainMap): PlainValue | undefined {
  return isMap(body.properties) ? body.properties.provisioningState : undefined;
}

function failure(answer: HttpAnswer, doing: string): UnfinishedError {
  const { code, message } = complaintIn(mapIn(answer));
  const reason = [code, message].filter((part) => part !== "").join(": ");
  return new UnfinishedError(`Azure began to ${doing}, but failed: ${reason || "no reason given"}`);
}

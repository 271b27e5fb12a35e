import type { Deadline } from "./deadline";
import { Refusal } from "./refusal";

/** Event Grid itself sends at most 1 MiB. */
export const LARGEST_BODY = 1024 * 1024;
/** A sender that trickles must not use up what the rest of the work needs. */
const SLOWEST_BODY_MS = 5_000;

/**
 * The body as text, of at most `LARGEST_BODY` bytes, whatever `Content-Length` says.
 *
 * @throws Refusal 413 when it is longer, 408 when it does not come in time, 400 when it breaks off or is no UTF-8.
 */
export async function readBody(request: Request, deadline: Deadline): Promise<string> {
  const told = request.headers.get("content-length");
  if (Number(told ?? 0) > LARGEST_BODY) throw tooLarge();
  // A body whose length was told is read in one go, which is quicker; the server sees to it that it is no longer.
  const bytes =
    told === null ? readChunks(request) : request.arrayBuffer().then((buffer) => new Uint8Array(buffer));
  try {
    return textOf(await deadline.within(bytes, tooSlow, SLOWEST_BODY_MS));
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(400, "body_broken", "the body broke off");
  }
}

async function readChunks({ body }: Request): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  try {
    return Buffer.concat(await chunksOf(reader));
  } catch (error) {
    // Not awaited: a sender that has gone silent would never let it finish.
    reader.cancel().catch(() => undefined);
    throw error;
  }
}

async function chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    size += value.byteLength;
    if (size > LARGEST_BODY) throw tooLarge();
    chunks.push(value);
  }
}

function textOf(bytes: Uint8Array): string {
  if (bytes.byteLength > LARGEST_BODY) throw tooLarge();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, "body_not_utf8", "the body is not UTF-8");
  }
}

function tooLarge(): Refusal {
  return new Refusal(413, "body_too_large", `the body is larger than ${LARGEST_BODY} bytes`);
}

function tooSlow(): Refusal {
  return new Refusal(408, "body_too_slow", "the body did not come in time");
}

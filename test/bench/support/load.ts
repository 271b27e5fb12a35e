import { Pool } from "undici";

/** What a load came to. */
export interface LoadFigures {
  readonly requestsPerSecond: number;
  /** Milliseconds that 99 of 100 requests took at most. */
  readonly p99: number;
}

const AT_ONCE = 16;

/** Posts every body once, several at a time over connections that are kept. @throws when an answer is not 200. */
export async function load(
  address: string,
  headers: Readonly<Record<string, string>>,
  bodies: readonly string[],
): Promise<LoadFigures> {
  const pool = new Pool(address, { connections: AT_ONCE, pipelining: 1 });
  const times: number[] = [];
  let next = 0;
  const one = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const begun = performance.now();
      const { statusCode, body: answer } = await pool.request({
        path: "/events",
        method: "POST",
        headers,
        body,
      });
      const text = await answer.text();
      times.push(performance.now() - begun);
      if (statusCode !== 200) throw new Error(`${address} answers ${statusCode}: ${text}`);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  const seconds = (performance.now() - begun) / 1000;
  await pool.close();
  times.sort((one_, other) => one_ - other);
  return { requestsPerSecond: bodies.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

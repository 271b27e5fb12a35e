import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "../../../../cli/program";
import { keyEvent } from "../../relay/support/events";
import { SECRET, SECRET_ENV } from "../../relay/support/rig";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-relay-command-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(env: Readonly<Record<string, string>>, ...words: string[]) {
  let [out, err] = ["", ""];
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text) };
  const code = await main(words, { stdout, stderr, env, cwd: folder, isTerminal: false });
  return { code, out, err };
}

test("no settings: a line each, exit code 2", async () => {
  const { code, out, err } = await run({}, "relay");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^sopsloop: GITLAB_URL: is not set; .*\n(sopsloop: [A-Z_]+: .*\n){6}$/);
});

test.each([["8080"], ["localhost"], ["127.0.0.1:99999"], ["127.0.0.1:"]])(
  "--listen %s is no address",
  async (listen) => {
    const { code, err } = await run(SECRET_ENV, "relay", "--listen", listen);
    expect({ code, err }).toEqual({
      code: 2,
      err: `sopsloop: --listen ${listen}: is not host:port such as 127.0.0.1:8080\n`,
    });
  },
);

test.each([
  [["relay", "replay"], "missing required argument 'paths'"],
  [["relay", "repaly", "x"], "too many arguments for 'relay'"],
  [
    ["relay", "replay", "/no/such/file", "--to", "https://relay.example.com/events"],
    "/no/such/file: cannot be read (ENOENT)",
  ],
  [["relay", "replay", ".", "--to", "http://relay.example.com/events"], "--to: does not begin with https://"],
  [
    ["relay", "replay", ".", "--to", "https://relay.example.com/events?code=x"],
    "--to: holds more than an address",
  ],
])("wrong usage, %j", async (words, line) => {
  const { code, err } = await run({ RELAY_SECRET: SECRET }, ...words);
  expect(code).toBe(2);
  expect(err).toContain(line);
});

test("replay to a relay needs something that lets it in, and never from the command line", async () => {
  const { code, err } = await run({}, "relay", "replay", folder, "--to", "https://relay.example.com/events");
  expect({ code, err }).toEqual({
    code: 2,
    err: "sopsloop: --to: set either RELAY_SECRET, or RELAY_TOKEN (a token of Entra ID for the relay)\n",
  });
});

test("replay by itself: what fails is told, exit code 1, as JSON too", async () => {
  writeFileSync(
    join(folder, "1.json"),
    JSON.stringify([keyEvent("v1", { eventType: "Other", deadLetterReason: "TimeToLive" })]),
  );
  writeFileSync(join(folder, "2.json"), "{");
  const env = { ...SECRET_ENV, RELAY_CLAIMS: join(folder, "claims") };
  const text = await run(env, "relay", "replay", folder);
  expect(text.code).toBe(1);
  expect(text.out).toBe(
    `ignored    ${join(folder, "1.json")}: TimeToLive\nfailed     ${join(folder, "2.json")}: is not JSON\n` +
      "0 triggered, 0 done before, 1 of no concern, 1 failed\n",
  );
  const { out } = await run(env, "relay", "replay", folder, "--json");
  expect(JSON.parse(out)).toMatchObject({
    schema: "sopsloop.relay-replay/1",
    counts: { triggered: 0, duplicate: 0, ignored: 1, failed: 1 },
  });
});

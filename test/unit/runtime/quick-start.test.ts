import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const CHECKOUT = join(__dirname, "..", "..", "..");
let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "sopsloop-quick-"));
  for (const link of ["runtime", "node_modules"]) symlinkSync(join(CHECKOUT, link), join(project, link));
  mkdirSync(join(project, "components"));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(join(project, file), text);
}

/** Loads the program as the engine's runner does: the folder is required, its package.json names index.ts. */
function start(after = ""): Promise<{ code: number; stdout: string; stderr: string }> {
  write("package.json", JSON.stringify({ name: "quick", main: "index.ts" }));
  const script = `const program = require(${JSON.stringify(project)}); ${after}`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--require", "./runtime/quick-start.cjs", "--eval", script],
      { cwd: project },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test("the program is loaded with what it imports, and its exports are seen", async () => {
  write("components/key.ts", "export const key: string = 'sops';");
  write("index.ts", "import { key } from './components/key';\nexport const name = key;");
  expect(await start("console.log(program.name)")).toEqual({ code: 0, stdout: "sops\n", stderr: "" });
});

test("an edit of any source is seen by the next start, and without one the bundle stays as it is", async () => {
  const bundle = join(project, "dist", "program");
  write("components/key.ts", "export const key: string = 'one';");
  write("index.ts", "export { key } from './components/key';");
  expect((await start("console.log(program.key)")).stdout).toBe("one\n");
  const made = statSync(bundle).ino;
  expect((await start("console.log(program.key)")).stdout).toBe("one\n");
  expect(statSync(bundle).ino).toBe(made);
  write("components/key.ts", "export const key: string = 'another';");
  expect((await start("console.log(program.key)")).stdout).toBe("another\n");
});

test("starts at the same time leave one whole bundle and nothing beside it", async () => {
  write("index.ts", "export const name = 'sops';");
  const starts = await Promise.all([1, 2, 3, 4].map(() => start("console.log(program.name)")));
  expect(starts.map(({ stdout }) => stdout)).toEqual(Array(4).fill("sops\n"));
  expect(readdirSync(join(project, "dist"))).toEqual(["program"]);
});

test("a source that cannot be compiled is a SyntaxError with file and line", async () => {
  write("components/key.ts", "export const key = 1;\nlet broken: = 3;");
  write("index.ts", "export { key } from './components/key';");
  const { code, stderr } = await start();
  expect(code).toBe(1);
  expect(stderr).toContain(
    'SyntaxError: Build failed with 1 error:\ncomponents/key.ts:2:12: ERROR: Unexpected "="',
  );
});

test("an error that nobody catches is shown with the TypeScript line it comes from", async () => {
  const lines = [
    "interface Unused {",
    "  readonly name: string;",
    "}",
    "async function loop() {",
    "  throw new Error('boom');",
    "}",
  ];
  write("index.ts", [...lines, "export const outputs = loop();"].join("\n"));
  // As the engine's runner shows it.
  const { stdout } = await start("process.on('unhandledRejection', (error) => console.log(error.stack));");
  expect(stdout).toMatch(/^Error: boom\n {4}at .*\/index\.ts:5:9\)?\n/);
});

test("the SDK's compiler and Automation API come only when they are asked for", async () => {
  write("index.ts", "export * as pulumi from '@pulumi/pulumi';");
  const loaded = `console.log(Object.keys(require.cache).some((file) => /automation.localWorkspace|arborist.lib/.test(file)));`;
  const use = "console.log(typeof program.pulumi.automation.LocalWorkspace.create);";
  const { stdout, stderr } = await start(`${loaded} ${use} ${loaded}`);
  expect({ stdout, stderr }).toEqual({ stdout: "false\nfunction\ntrue\n", stderr: "" });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RULES } from "../../../policies/rules";

const CHECKOUT = join(__dirname, "..", "..", "..");
const PACK = join(CHECKOUT, "policies");

let runner: ChildProcess;
let client: AnalyzerClient;

/** As a language host of today starts a pack: the SDK's runner, in the pack's folder, which prints its port. */
beforeAll(async () => {
  const script = join(CHECKOUT, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  runner = spawn(process.execPath, [script, "127.0.0.1:1", PACK], {
    cwd: PACK,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!runner.stdout) throw new Error("the runner has no output");
  const [port] = (await once(runner.stdout, "data")) as [Buffer];
  client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, grpc.credentials.createInsecure());
}, 60_000);

afterAll(async () => {
  client?.close();
  if (runner.exitCode !== null) return;
  const ended = once(runner, "exit");
  runner.kill();
  await ended;
});

test("the pack is started by its folder alone, with every rule and its version", async () => {
  const info = await promisify(client.getAnalyzerInfo.bind(client) as Call<Empty, analyzer.AnalyzerInfo>)(
    new Empty(),
  );
  expect(info.getName()).toBe("sopsloop");
  expect(info.getVersion()).toBe("0.1.0");
  expect(info.getPoliciesList().map((policy) => policy.getName())).toEqual(RULES.map(({ name }) => name));
});

test("it refuses a resource as the rules do", async () => {
  const request = new analyzer.AnalyzeRequest();
  const type = "vault:transit/secretBackendKey:SecretBackendKey";
  request.setUrn(`urn:pulumi:dev::p::${type}::key`);
  request.setType(type);
  request.setName("key");
  request.setProperties(Struct.fromJavaScript({ exportable: true, autoRotatePeriod: 3600 }));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  const analyze = promisify(
    client.analyze.bind(client) as Call<analyzer.AnalyzeRequest, analyzer.AnalyzeResponse>,
  );
  const diagnostics = (await analyze(request)).getDiagnosticsList();
  expect(diagnostics.map((each) => [each.getPolicyname(), each.getEnforcementlevel()])).toEqual([
    ["vault-transit-key-unexportable", analyzer.EnforcementLevel.MANDATORY],
  ]);
});

type Call<Request, Response> = (
  request: Request,
  done: (error: grpc.ServiceError | null, response: Response) => void,
) => void;

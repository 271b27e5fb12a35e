import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../../../../sandbox/processes/free-port";

const TOOLCHAIN = resolve(__dirname, "../../../../sandbox/toolchain");
const READY_MS = 90_000;

/** A real etcd and kube-apiserver in a temporary folder, with the binaries found on PATH. No controllers run. */
export class ControlPlane {
  private readonly processes: ChildProcess[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-kubernetes-"));
  private port = 0;

  static async start(): Promise<ControlPlane> {
    const plane = new ControlPlane();
    try {
      await plane.run();
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  /** Cluster admin, in group system:masters. */
  get kubeconfig(): string {
    return join(this.folder, "admin.yaml");
  }

  /** A user without any right. */
  get strangersKubeconfig(): string {
    return join(this.folder, "stranger.yaml");
  }

  /** Runs kubectl as admin, with `input` on its standard input, and resolves with its output. */
  kubectl(args: readonly string[], input = ""): Promise<string> {
    return new Promise((done, fail) => {
      const child = execFile(
        "kubectl",
        ["--kubeconfig", this.kubeconfig, ...args],
        (error, stdout, stderr) =>
          error ? fail(new Error(`kubectl ${args[0]}: ${stderr.trim()}`)) : done(stdout),
      );
      child.stdin?.end(input);
    });
  }

  async json(...args: string[]): Promise<Record<string, unknown>> {
    return JSON.parse(await this.kubectl(["get", ...args, "-o", "json"])) as Record<string, unknown>;
  }

  /** Makes the kinds of one Flux controller known, from the module that the sandbox builds. */
  async installFluxKinds(controller: string): Promise<void> {
    const cwd = join(TOOLCHAIN, controller);
    const args = ["list", "-m", "-f", "{{.Dir}}", `github.com/fluxcd/${controller}`];
    const module = execFileSync("go", args, { cwd, encoding: "utf8" }).trim();
    await this.kubectl(["create", "-f", join(module, "config/crd/bases")]);
    await this.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
  }

  async stop(): Promise<void> {
    for (const child of this.processes.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(kill);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const [client = 0, peer = 0, secure = 0] = await freePorts(3);
    this.port = secure;
    const certs = join(this.folder, "certs");
    mkdirSync(certs);
    const tokens = { admin: randomBytes(16).toString("hex"), stranger: randomBytes(16).toString("hex") };
    const lines = [`${tokens.admin},admin,admin,system:masters`, `${tokens.stranger},stranger,stranger,`];
    this.write("tokens.csv", `${lines.join("\n")}\n`);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = this.write("sa.key", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    this.write("admin.yaml", this.kubeconfigFor(tokens.admin));
    this.write("stranger.yaml", this.kubeconfigFor(tokens.stranger));

    const local = (port: number) => `http://127.0.0.1:${port}`;
    this.spawn("etcd", [
      `--data-dir=${join(this.folder, "etcd")}`,
      `--listen-client-urls=${local(client)}`,
      `--advertise-client-urls=${local(client)}`,
      `--listen-peer-urls=${local(peer)}`,
      `--initial-advertise-peer-urls=${local(peer)}`,
      `--initial-cluster=default=${local(peer)}`,
      "--unsafe-no-fsync",
    ]);
    this.spawn("kube-apiserver", [
      `--etcd-servers=${local(client)}`,
      `--secure-port=${secure}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--cert-dir=${certs}`,
      `--token-auth-file=${join(this.folder, "tokens.csv")}`,
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.0.0.0/24",
      "--endpoint-reconciler-type=none",
      // Without a garbage collector, a foreground deletion would wait for it for ever.
      "--enable-garbage-collector=false",
    ]);
    await this.untilReady();
  }

  private kubeconfigFor(token: string): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [
        {
          name: "test",
          cluster: {
            server: `https://127.0.0.1:${this.port}`,
            "certificate-authority": "certs/apiserver.crt",
          },
        },
      ],
      users: [{ name: "test", user: { token } }],
    });
  }

  private write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  private spawn(command: string, args: readonly string[]): void {
    const log = openSync(join(this.folder, `${command}.log`), "a");
    this.processes.push(spawn(command, args, { stdio: ["ignore", log, log] }));
  }

  private async untilReady(): Promise<void> {
    const end = Date.now() + READY_MS;
    while (
      !(await this.kubectl(["get", "--raw", "/readyz"]).then(
        () => true,
        () => false,
      ))
    ) {
      const dead = this.processes.find((child) => child.exitCode !== null);
      if (dead !== undefined || Date.now() > end) {
        const name = dead?.spawnfile ?? "kube-apiserver";
        const log = readFileSync(join(this.folder, `${name}.log`), "utf8").slice(-2000);
        throw new Error(`${name} did not become ready:\n${log}`);
      }
      await sleep(100);
    }
  }
}

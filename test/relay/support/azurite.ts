import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzureNamedKeyCredential, TableClient } from "@azure/data-tables";
import { RETRIES } from "../../../relay/claims/open-table-claims";
import { freePorts } from "../../../sandbox/processes/free-port";

const MAIN = join(__dirname, "..", "..", "..", "node_modules", "azurite", "dist", "src", "table", "main.js");
const STARTED = "successfully started";
/** Published with the emulator: it opens nothing but emulators. */
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Microsoft's own emulator of Table storage, as a process on a free port. */
export class Azurite {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly address: string,
  ) {}

  static async start(): Promise<Azurite> {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-azurite-"));
    const [port = 0] = await freePorts(1);
    const words = ["--tableHost", "127.0.0.1", "--tablePort", String(port), "--location", folder];
    const child = spawn(process.execPath, [MAIN, ...words, "--silent", "--disableTelemetry"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve, reject) => {
      let said = "";
      child.stdout?.on("data", (part: Buffer) => {
        said += part;
        if (said.includes(STARTED)) resolve();
      });
      child.once("exit", (code) => reject(new Error(`azurite ended with ${code}: ${said}`)));
    });
    return new Azurite(child, folder, `http://127.0.0.1:${port}/${ACCOUNT}`);
  }

  /** The official client, with the same retries as the relay's own. */
  client(table: string): TableClient {
    return new TableClient(this.address, table, new AzureNamedKeyCredential(ACCOUNT, KEY), {
      allowInsecureConnection: true,
      retryOptions: RETRIES,
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const gone = once(this.child, "exit");
      this.child.kill("SIGKILL");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

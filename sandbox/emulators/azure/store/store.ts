import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tables } from "../model";

const EMPTY: Tables = {
  applications: [],
  principals: [],
  resources: [],
  deletedVaults: [],
  keys: [],
  secrets: [],
  pendingEvents: [],
  deliveries: [],
  sites: [],
  signingKeys: [],
  machineIdentities: [],
  switches: {
    copies: 1,
    parallel: 8,
    shuffle: false,
    drop: false,
    hold: false,
    roleAssignmentDelay: 0,
    tokensOnMachineClock: false,
  },
  clockOffset: 0,
  backupKey: "",
};

const DELIVERIES_KEPT = 2_000;

/** The tables, and the file they are kept in between two runs (0600: it holds private keys and secrets). */
export class Store {
  readonly tables: Tables;
  private readonly file: string;
  private saving: NodeJS.Immediate | undefined;

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = join(folder, "store.json");
    const kept = existsSync(this.file) ? JSON.parse(readFileSync(this.file, "utf8")) : {};
    this.tables = { ...structuredClone(EMPTY), ...kept };
    this.tables.switches = { ...EMPTY.switches, ...this.tables.switches };
    this.tables.backupKey ||= randomBytes(32).toString("base64");
  }

  /** Keeps what has changed; several changes of one turn are written once. */
  changed(): void {
    this.saving ??= setImmediate(() => this.save());
  }

  save(): void {
    clearImmediate(this.saving);
    this.saving = undefined;
    this.tables.deliveries.splice(0, this.tables.deliveries.length - DELIVERIES_KEPT);
    writeFileSync(`${this.file}.new`, JSON.stringify(this.tables), { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }
}

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tables } from "../model";
import type { JobStatus } from "../pipelines/contract";

const EMPTY: Tables = {
  users: [],
  tokens: [],
  groups: [],
  projects: [],
  members: [],
  triggers: [],
  schedules: [],
  variables: [],
  hooks: [],
  deliveries: [],
  protectedBranches: [],
  deployKeys: [],
  mergeRequests: [],
  notes: [],
  resourceGroups: [],
  pipelines: [],
  jobs: [],
};

const OVER: readonly JobStatus[] = ["success", "failed", "canceled", "skipped"];
const DELIVERIES_KEPT = 200;

/** The tables, and the file they are kept in between two runs (0600: it holds tokens and the values of variables). */
export class Store {
  readonly tables: Tables;
  private lastId: number;
  private readonly file: string;
  private saving: NodeJS.Immediate | undefined;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = join(folder, "store.json");
    const kept = existsSync(this.file) ? JSON.parse(readFileSync(this.file, "utf8")) : {};
    this.tables = { ...structuredClone(EMPTY), ...kept.tables };
    this.lastId = kept.lastId ?? 1_000;
    this.endInterrupted();
  }

  /** A number that nothing else has. */
  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** Keeps what has changed; several changes of one turn are written once. */
  changed(): void {
    this.saving ??= setImmediate(() => this.save());
  }

  save(): void {
    clearImmediate(this.saving);
    this.saving = undefined;
    this.tables.deliveries.splice(0, this.tables.deliveries.length - DELIVERIES_KEPT);
    const text = JSON.stringify({ lastId: this.lastId, tables: this.tables });
    writeFileSync(`${this.file}.new`, text, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }

  /** What ran when the emulator ended does not run any more. */
  private endInterrupted(): void {
    const { pipelines, jobs } = this.tables;
    const now = new Date().toISOString();
    for (const one of [...pipelines, ...jobs].filter(({ status }) => !OVER.includes(status))) {
      one.status = "failed";
      one.finishedAt = now;
    }
  }
}

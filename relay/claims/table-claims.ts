import { odata, RestError, type TableClient } from "@azure/data-tables";
import type { ClaimRecord, ClaimStore, StoredClaim } from "./claim-store";

/** One try must not use up a whole request's time. */
const TIMEOUT_MS = 4_000;

/** What a row holds beside its keys. Times are kept as dates, so that a person can read them. */
interface Row {
  readonly state: ClaimRecord["state"];
  readonly nonce: string;
  readonly at: Date;
  readonly leaseUntil: Date;
  readonly pipeline: string;
}

/** Claims in a table of Azure Storage, a row each. The row's ETag lets only one of several writers win. */
export class TableClaims implements ClaimStore {
  constructor(private readonly table: TableClient) {}

  async read(key: string): Promise<StoredClaim | undefined> {
    try {
      const row = await this.table.getEntity<Row>(partitionOf(key), key, within());
      const { state, nonce, pipeline } = row;
      const record = { state, nonce, pipeline, at: row.at.getTime(), leaseUntil: row.leaseUntil.getTime() };
      return { record, tag: row.etag };
    } catch (error) {
      if (statusOf(error) === 404 && codeOf(error) === "ResourceNotFound") return undefined;
      throw error;
    }
  }

  async create(key: string, record: ClaimRecord): Promise<string | undefined> {
    return unlessOutdone(() => this.table.createEntity(rowOf(key, record), within()));
  }

  async replace(key: string, record: ClaimRecord, tag: string): Promise<string | undefined> {
    return unlessOutdone(() =>
      this.table.updateEntity(rowOf(key, record), "Replace", { etag: tag, ...within() }),
    );
  }

  async purge(before: number): Promise<number> {
    let purged = 0;
    const filter = odata`at lt ${new Date(before)}`;
    for await (const row of this.table.listEntities<Row>({ queryOptions: { filter } })) {
      const { partitionKey, rowKey, etag } = row;
      if (partitionKey === undefined || rowKey === undefined) continue;
      const gone = await unlessOutdone(async () => {
        await this.table.deleteEntity(partitionKey, rowKey, { etag, ...within() });
        return { etag };
      });
      if (gone !== undefined) purged += 1;
    }
    return purged;
  }

  /** Writes a row of its own, which `purge` takes away again. */
  async check(): Promise<void> {
    const record: ClaimRecord = { state: "free", nonce: "", at: Date.now(), leaseUntil: 0, pipeline: "" };
    await this.table.upsertEntity(rowOf("readiness", record), "Replace", within());
  }
}

/** The ETag that a write answers; undefined when another writer was there first. */
async function unlessOutdone(write: () => Promise<{ etag?: string }>): Promise<string | undefined> {
  try {
    return (await write()).etag;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EntityAlreadyExists" || code === "UpdateConditionNotSatisfied") return undefined;
    // The row was purged meanwhile.
    if (code === "ResourceNotFound") return undefined;
    throw error;
  }
}

function rowOf(key: string, { at, leaseUntil, ...rest }: ClaimRecord) {
  return {
    partitionKey: partitionOf(key),
    rowKey: key,
    at: new Date(at),
    leaseUntil: new Date(leaseUntil),
    ...rest,
  };
}

function partitionOf(key: string): string {
  return key.slice(0, 2);
}

function within(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(TIMEOUT_MS) };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof RestError)) return undefined;
  const details = error.details as { odataError?: { code?: string } } | undefined;
  return details?.odataError?.code ?? error.code;
}

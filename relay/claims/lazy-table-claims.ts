import type { ClaimRecord, ClaimStore, StoredClaim } from "./claim-store";
import type { TableClaims } from "./table-claims";

/** Azure's clients take longer to load than everything else of the relay: they are loaded with the first delivery. */
export class LazyTableClaims implements ClaimStore {
  private opened: Promise<TableClaims> | undefined;

  constructor(
    private readonly account: string,
    private readonly table: string,
  ) {}

  async read(key: string): Promise<StoredClaim | undefined> {
    return (await this.claims()).read(key);
  }

  async create(key: string, record: ClaimRecord): Promise<string | undefined> {
    return (await this.claims()).create(key, record);
  }

  async replace(key: string, record: ClaimRecord, tag: string): Promise<string | undefined> {
    return (await this.claims()).replace(key, record, tag);
  }

  async purge(before: number): Promise<number> {
    return (await this.claims()).purge(before);
  }

  async check(): Promise<void> {
    return (await this.claims()).check();
  }

  private claims(): Promise<TableClaims> {
    this.opened ??= this.open();
    return this.opened;
  }

  private async open(): Promise<TableClaims> {
    const { openTableClaims } = await import("./open-table-claims");
    return openTableClaims(this.account, this.table);
  }
}

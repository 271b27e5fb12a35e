import { CliError } from "../../errors/cli-error";
import { Fault, Skip } from "../../verify/probe";
import type { Skipped } from "./live-reading";

/** Parts of the live systems, each looked at by itself: one that may not be seen does not hide the others. */
export class Parts {
  readonly skipped: Skipped[] = [];

  /** Undefined where the part cannot be looked at; why is kept. */
  async read<T>(id: string, look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      const isExpected = error instanceof Skip || error instanceof Fault || error instanceof CliError;
      if (!isExpected) throw error;
      this.skip(id, error.message);
      return undefined;
    }
  }

  skip(id: string, why: string): void {
    this.skipped.push({ id, why });
  }
}

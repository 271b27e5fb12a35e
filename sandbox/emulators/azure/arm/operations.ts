import { randomUUID } from "node:crypto";
import type { JsonObject } from "../json";
import { ArmRefusal } from "./arm-refusal";

/** Something that ARM does after it has answered. */
export interface Operation {
  readonly id: string;
  status: "InProgress" | "Succeeded" | "Failed";
  error?: JsonObject;
  /** What a client sees of the resource in the end. */
  result?: JsonObject;
}

/** What is under way. It is forgotten when the emulator ends. */
export class Operations {
  private readonly all = new Map<string, Operation>();
  private readonly running = new Set<Promise<void>>();

  /** @param work what it waits for; an ArmRefusal becomes the operation's error. */
  begin(work: Promise<JsonObject | undefined>): Operation {
    const operation: Operation = { id: randomUUID(), status: "InProgress" };
    this.all.set(operation.id, operation);
    const end = work
      .then(
        (result) => {
          operation.status = "Succeeded";
          if (result) operation.result = result;
        },
        (error: unknown) => {
          operation.status = "Failed";
          operation.error = errorOf(error);
        },
      )
      .finally(() => this.running.delete(end));
    this.running.add(end);
    return operation;
  }

  get(id: string): Operation | undefined {
    return this.all.get(id.toLowerCase());
  }

  async idle(): Promise<void> {
    await Promise.all(this.running);
  }
}

function errorOf(error: unknown): JsonObject {
  if (error instanceof ArmRefusal) return error.error;
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  return { code: "InternalServerError", message: "The operation failed inside the emulator." };
}

import { readFileSync, readSync } from "node:fs";

/**
 * What an open file holds, in one call to the system where nobody writes to it meanwhile. Over thousands of small files that is
 * what reading costs.
 *
 * @param file a descriptor that nothing was read from yet.
 * @param size in bytes, as `fstat` has it.
 */
export function readWhole(file: number, size: number): Buffer {
  // With room for one byte more, a file that has grown fills it.
  const bytes = Buffer.allocUnsafe(size + 1);
  const read = readSync(file, bytes, 0, size + 1, 0);
  return read === size ? bytes.subarray(0, size) : readFileSync(file);
}

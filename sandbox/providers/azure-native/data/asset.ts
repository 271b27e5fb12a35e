import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { PlainMap, PlainValue } from "../../engine/resource-type";

/** The content of an asset. Throws one line when it cannot be read here, or when it is not what the engine saw. */
export async function contentOf({ text, path, hash }: PlainMap): Promise<Buffer> {
  const content = await contentAt(path, text);
  const found = createHash("sha256").update(content).digest("hex");
  if (typeof hash !== "string" || hash === "" || hash === found) return content;
  throw new Error(`${String(path ?? "the asset")} has changed since the update began: run it again`);
}

async function contentAt(path: PlainValue | undefined, text: PlainValue | undefined): Promise<Buffer> {
  if (typeof path === "string" && path !== "") {
    return readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`cannot read the asset ${path}: ${error.code}`);
    });
  }
  if (typeof text === "string") return Buffer.from(text, "utf8");
  throw new Error("an asset is a file here or a text; one of another place is not supported by the stand-in");
}

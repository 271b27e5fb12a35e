import type { HttpAnswer } from "../../engine/http-transport";
import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { isMap } from "../../engine/wire";

/** The object in an answer's body; an empty one where there is none, as with a proxy's HTML page. */
export function mapIn({ text }: Pick<HttpAnswer, "text">): PlainMap {
  try {
    // Metadata hosts may begin with a byte order mark.
    const body = JSON.parse(text.replace(/^\uFEFF/, "")) as PlainValue;
    return isMap(body) ? body : {};
  } catch {
    return {};
  }
}

import type { ClaimPlace } from "../settings/claim-settings";
import type { ClaimStore } from "./claim-store";
import { FileClaims } from "./file-claims";
import { LazyTableClaims } from "./lazy-table-claims";

export function openClaimStore(place: ClaimPlace): ClaimStore {
  return place.kind === "folder"
    ? new FileClaims(place.folder)
    : new LazyTableClaims(place.account, place.table);
}

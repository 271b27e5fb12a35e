import type { TakeOvers } from "../../../components/vault/existing";

/** An empty Vault: nothing to take over. */
export const NOTHING: TakeOvers = {
  mark: "by-test",
  mounted: () => ({}),
  has: () => false,
  object: () => ({}),
};

/** A Vault in which everything stands already, and may be taken over. */
export const EVERYTHING: TakeOvers = {
  mark: "by-test",
  mounted: (_kind, path) => ({ import: path }),
  has: () => true,
  object: (apiPath, id = apiPath) => ({ import: id }),
};

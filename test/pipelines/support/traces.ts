import { expect } from "vitest";
import type { TestGitLab } from "../../emulators/gitlab/support/test-gitlab";

/** What no log may hold: tokens of GitLab's and of Vault's, headers, ID tokens. GitLab itself would mask some: even that none may need. */
const TOKENS = /gl(ptt|pat|cbt|dt|rt)-|\bhv[bsr]\.|Bearer|\beyJ[\w-]+\.|X-Vault-Token|\[MASKED\]/i;

/** Looks through the logs of all jobs that ran so far. @param values of secrets, each on one line. */
export function expectCleanTraces({ gitlab }: TestGitLab, values: readonly string[] = []): void {
  const { store, runner } = gitlab.core;
  const traces = store.tables.jobs.map(({ id }) => runner.trace(id)).filter((trace) => trace !== "");
  expect(traces.length).toBeGreaterThan(0);
  for (const trace of traces) {
    expect(trace).not.toMatch(TOKENS);
    expect(values.filter((value) => trace.includes(value))).toEqual([]);
  }
}

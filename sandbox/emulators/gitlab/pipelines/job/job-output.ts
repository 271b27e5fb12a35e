/** What gitlab-ci-local's output says: a line of the job's log, the end of its script, or something of its own. */
export type OutputLine =
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "own"; readonly text: string };

/** Stands where gitlab-ci-local's prompt follows output that ended without a line break. */
const PROMPT = "<gclShellPromptPlaceholder>";

/**
 * Reads one line. Every line of the job itself stands behind the job's name and `>`, or `$` for a command, so that a job
 * cannot pass for gitlab-ci-local.
 */
export function readOutput(line: string, jobName: string): OutputLine {
  const text = line.startsWith(`${jobName} `) ? line.slice(jobName.length + 1) : undefined;
  if (text === undefined) return { kind: "own", text: line };
  if (text.startsWith("> ")) return { kind: "log", text: text.slice(2).replaceAll(PROMPT, "\n$") };
  if (text.startsWith("$ ")) return { kind: "log", text };
  if (text === "Running after script...") return { kind: "log", text: "Running after_script" };
  const failed = /^finished in .* FAIL (\d+) *$/.exec(text);
  return failed ? { kind: "exit", code: Number(failed[1]) } : { kind: "own", text: line };
}

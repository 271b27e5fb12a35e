import type { ExitCode } from "../../../../cli/errors/cli-error";
import { main } from "../../../../cli/program";
import { recordedIo } from "./recorded-io";
import type { SopsRepository } from "./sops-repository";

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** `sopsloop rewrap` as its owner would call it in the repository. */
export async function rewrapIn(
  repository: SopsRepository,
  words: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ran> {
  const io = recordedIo(repository.folder, { ...repository.env, ...env });
  const code = await main(["rewrap", ...words], io);
  return { code, out: io.out, err: io.err };
}

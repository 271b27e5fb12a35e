/**
 * What stopped a pipeline from being made. `config`: the CI file is wrong; GitLab keeps a failed pipeline for a push or a
 * schedule. `rules`: the file asks for no pipeline. `request`: the caller asked for something that does not exist.
 */
export type RefusalReason = "config" | "rules" | "request";

/** No pipeline was made. The message is what GitLab answers with code 400 under `message.base`. */
export class PipelineRefused extends Error {
  override readonly name = "PipelineRefused";

  constructor(
    message: string,
    readonly reason: RefusalReason,
  ) {
    super(message);
  }
}

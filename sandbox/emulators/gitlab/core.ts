import type { Access } from "./access/access";
import type { Hooks } from "./hooks/hooks";
import type { Issuer } from "./oidc/issuer";
import type { PipelineStarter } from "./pipeline-starter";
import type { PipelineRunner } from "./pipelines/pipeline-runner";
import type { Directory } from "./store/directory";
import type { Store } from "./store/store";

/** Which of GitLab's two editions `GET /metadata` names. They differ in who may push to a protected branch. */
export type Edition = "community" | "enterprise";

/** The parts that every endpoint has to do with. */
export interface Core {
  /** `https://127.0.0.1:13443`, without a slash at the end. */
  readonly address: string;
  readonly edition: Edition;
  readonly store: Store;
  readonly directory: Directory;
  readonly access: Access;
  readonly issuer: Issuer;
  readonly hooks: Hooks;
  readonly runner: PipelineRunner;
  readonly starter: PipelineStarter;
}

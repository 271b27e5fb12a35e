/** What a pipeline is told. Nothing else of an event goes to GitLab. */
export interface RotationInputs {
  /** As sops calls the kind of key, such as `azure_kv`. */
  readonly backend: string;
  /** `vault/key`. */
  readonly key: string;
  /** Empty where the event has none. */
  readonly version: string;
}

/** The name that such a pipeline bears in GitLab: the deploy project's `workflow: name` makes the same of its inputs. */
export function pipelineName({ backend, key, version }: RotationInputs): string {
  return `${backend} ${key} ${version}`.trim();
}

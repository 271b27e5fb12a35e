/** More than a week of deliveries. */
const MOST = 10_000;

/** What the store has said to be done. Done is final, so nobody need ask again; and what is forgotten here is still in the store. */
export class DoneBefore {
  private readonly pipelines = new Map<string, string>();

  pipelineOf(key: string): string | undefined {
    return this.pipelines.get(key);
  }

  add(key: string, pipeline: string): void {
    const [oldest] = this.pipelines.keys();
    if (this.pipelines.size >= MOST && oldest !== undefined) this.pipelines.delete(oldest);
    this.pipelines.set(key, pipeline);
  }
}

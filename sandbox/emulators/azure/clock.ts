import type { Store } from "./store/store";

/** Something that has work to do at certain times of the clock. */
export interface Scheduled {
  /** When the next piece of work is due, in ms; undefined for none. Work that has begun does not count. */
  nextDue(): number | undefined;
  /** Begins everything that is due. */
  begin(now: number): void;
  /** Resolves once all that has begun is over. */
  settled(): Promise<void>;
}

const TICK_MS = 500;

/** The emulator's time: the machine's, or ahead of it. Whoever moves it makes everything happen that was due in between. */
export class Clock {
  private readonly works: Scheduled[] = [];
  private ticking: NodeJS.Timeout | undefined;
  private waking: NodeJS.Immediate | undefined;
  private moving: Promise<void> = Promise.resolve();

  constructor(private readonly store: Store) {}

  /** In ms. */
  now(): number {
    return Date.now() + this.store.tables.clockOffset;
  }

  /** In whole seconds, as Key Vault counts. */
  seconds(): number {
    return Math.floor(this.now() / 1_000);
  }

  isoNow(): string {
    return new Date(this.now()).toISOString();
  }

  add(work: Scheduled): void {
    this.works.push(work);
  }

  start(): void {
    this.ticking = setInterval(() => this.begin(), TICK_MS);
  }

  /** Lets what is due begin soon, not only with the next tick. */
  wake(): void {
    this.waking ??= setImmediate(() => {
      this.waking = undefined;
      this.begin();
    });
  }

  /** Moves the clock ahead, step by step: each piece of work that falls due is over before the next one begins. */
  advance(ms: number): Promise<void> {
    this.moving = this.moving.then(() => this.moveTo(this.now() + ms));
    return this.moving;
  }

  /** Does all that is due now. */
  drain(): Promise<void> {
    return this.advance(0);
  }

  async stop(): Promise<void> {
    clearInterval(this.ticking);
    clearImmediate(this.waking);
    await this.settled();
  }

  private async moveTo(target: number): Promise<void> {
    for (;;) {
      await this.settled();
      const due = this.works.map((work) => work.nextDue()).filter((time) => time !== undefined);
      const next = Math.min(...due);
      // What the last step led to may be due a moment after the target, for the machine's clock goes on.
      if (next > Math.max(target, this.now())) break;
      this.set(next);
      this.begin();
    }
    this.set(target);
  }

  /** Never back: what has happened has happened. */
  private set(time: number): void {
    if (time <= this.now()) return;
    this.store.tables.clockOffset = time - Date.now();
    this.store.changed();
  }

  private begin(): void {
    const now = this.now();
    for (const work of this.works) work.begin(now);
  }

  private async settled(): Promise<void> {
    await Promise.all(this.works.map((work) => work.settled()));
  }
}

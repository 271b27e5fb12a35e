import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../../../relay/clock";

interface Timer {
  readonly at: number;
  readonly work: () => void;
}

/** Turns of the event loop after which everything that waits for nothing but itself has come to rest. */
const TURNS = 25;

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  private timers: Timer[] = [];
  chance = 0.5;

  constructor(private time = Date.parse("2026-11-25T12:00:00Z")) {}

  now(): number {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.time + ms, work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  random(): number {
    return this.chance;
  }

  move(ms: number): void {
    this.time += ms;
  }

  /** What `work` comes to. Each time everything rests, the clock jumps to the next moment that somebody waits for. */
  async run<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const watched = work.finally(() => {
      over = true;
    });
    watched.catch(() => undefined);
    while (!over) {
      for (let count = 0; count < TURNS && !over; count++) await turn();
      if (!over) this.toNext();
    }
    return watched;
  }

  private toNext(): void {
    const [next] = this.timers.toSorted((one, other) => one.at - other.at);
    if (!next) return;
    this.timers = this.timers.filter((one) => one !== next);
    this.time = Math.max(this.time, next.at);
    next.work();
  }
}

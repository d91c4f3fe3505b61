/** When it is looked: at everything once a minute, at a part of it soon after somebody rang, and when a series is about to turn stale. */
import type { Ring } from '../notices/bell.js';

/** A clock that only goes on, and who calls when so many ms have passed; what it answers with ends the waiting. */
export interface Alarm {
  now(): number;
  after(ms: number, act: () => void): () => void;
}

/** Causes that come together are told together. */
const GATHER_MS = 1_000;
/** A night on which everything fails is not told of by the second. */
const REST_MS = 5_000;

/** Looks at what was rung for, or at everything; answers in how many ms the next series turns stale, null: none does soon. */
export type Look = (rung?: readonly Ring[]) => Promise<number | null>;

export class Watching {
  private rung: Ring[] = [];
  private lookedAt = Number.NEGATIVE_INFINITY;
  private endGathering: (() => void) | undefined;
  private endWaiting: (() => void) | undefined;
  /** One look after the other: each reads what the one before wrote down. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly look: Look,
    private readonly alarm: Alarm,
  ) {}

  /** Resolves when it was looked at everything. */
  everything = (): Promise<void> => this.next();

  ring(ring: Ring): void {
    this.rung.push(ring);
    this.endGathering ??= this.alarm.after(Math.max(GATHER_MS, this.lookedAt + REST_MS - this.alarm.now()), () => {
      this.endGathering = undefined;
      this.lookedAt = this.alarm.now();
      void this.next(this.rung.splice(0));
    });
  }

  end(): void {
    this.endGathering?.();
    this.endWaiting?.();
  }

  private next(rung?: readonly Ring[]): Promise<void> {
    this.last = this.last.then(async () => {
      const ms = await this.look(rung);
      if (ms === null) return;
      this.endWaiting?.();
      this.endWaiting = this.alarm.after(ms, () => this.ring({ kind: 'series-stale' }));
    });
    return this.last;
  }
}

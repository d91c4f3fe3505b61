/** A provider's world on a clock that the test holds: it moves when it is set, and waits are over at once but counted. */
import { setTimeout } from 'node:timers/promises';
import { createHttp, type Http } from '../../src/providers/http/index.js';
import type { World } from '../../src/providers/provider.js';

export interface HeldWorld extends World {
  setNow(now: number): void;
  /** All that was waited for. */
  readonly waits: readonly number[];
  /** How long each wait really takes, however long it is meant to be; null: as long as it is meant to. */
  realWaitMs: number | null;
}

/** Without a way out unless one is given. */
export function heldWorld(start: number, http: Http = createHttp()): HeldWorld {
  let now = start;
  const waits: number[] = [];
  const world: HeldWorld = {
    waits,
    http,
    realWaitMs: 0,
    now: () => now,
    setNow(to) {
      now = to;
    },
    async wait(ms, signal) {
      waits.push(ms);
      await setTimeout(world.realWaitMs ?? ms, undefined, { signal });
    },
  };
  return world;
}

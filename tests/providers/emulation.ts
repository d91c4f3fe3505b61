/** A provider in front of its emulator, both on the clock of one test. */
import type { Key } from '../../src/providers/http/index.js';
import { createHttp } from '../../src/providers/http/index.js';
import type { Provider, World } from '../../src/providers/provider.js';
import { heldWorld } from '../contract/world.js';
import { type Asked, type Emulator, startEmulator } from '../emulators/emulator.js';
import type { Reply } from '../emulators/reply.js';

export interface Emulated {
  readonly provider: Provider;
  readonly emulator: Emulator;
  now(): number;
  setNow(now: number): void;
  requests(): number;
  slow(ms: number): void;
  release(): Promise<void>;
}

export const keyOf = (text: string): Key => ({ reveal: () => text });

export async function emulated(
  now: number,
  answer: (asked: Asked) => Reply,
  create: (url: string, world: World) => Provider,
): Promise<Emulated> {
  const http = createHttp();
  const world = heldWorld(now, http);
  const emulator = await startEmulator(answer, { now });
  return {
    provider: create(emulator.url, world),
    emulator,
    now: world.now,
    setNow(to) {
      world.setNow(to);
      emulator.setNow(to);
    },
    requests: emulator.requests,
    slow: emulator.slow,
    async release() {
      await http.close();
      await emulator.close();
    },
  };
}

/** A provider in front of its emulator, both on the clock of one test. */
import assert from 'node:assert/strict';
import { type Bar, toRows } from '../../src/model/bars.js';
import { type ErrorCode, type Facts, isTapekeepError } from '../../src/model/errors.js';
import { createHttp, type Key } from '../../src/providers/http/index.js';
import type { Patience } from '../../src/providers/http/watch.js';
import type { Page, Provider, World } from '../../src/providers/provider.js';
import { barsIn } from '../contract/provider.js';
import { type HeldWorld, heldWorld } from '../contract/world.js';
import { type Asked, type Emulator, startEmulator } from '../emulators/emulator.js';
import type { Reply } from '../emulators/reply.js';

export interface Emulated {
  readonly provider: Provider;
  readonly emulator: Emulator;
  readonly world: HeldWorld;
  /** All that was told to the log. */
  readonly told: readonly string[];
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
  patience: Partial<Patience> = {},
): Promise<Emulated> {
  const http = createHttp({ patience });
  const told: string[] = [];
  const world = Object.assign(heldWorld(now, http), {
    tell: (what: string, facts: object) => told.push(JSON.stringify({ what, ...facts })),
  });
  const emulator = await startEmulator(answer, { now });
  let made: Emulated | undefined;
  const close = async (): Promise<void> => {
    if (made) open.delete(made);
    await http.close();
    await emulator.close();
  };
  const provider = await Promise.resolve()
    .then(() => create(emulator.url, world))
    .catch(async error => {
      await close();
      throw error;
    });
  made = {
    provider,
    emulator,
    world,
    told,
    now: world.now,
    setNow(to) {
      world.setNow(to);
      emulator.setNow(to);
    },
    requests: emulator.requests,
    slow: emulator.slow,
    release: close,
  };
  open.add(made);
  return made;
}

const open = new Set<Emulated>();

/** For `afterEach`: whatever a test came to, nothing of it stays. */
export async function releaseAll(): Promise<void> {
  for (const made of open) await made.release();
}

export const never = (): AbortSignal => new AbortController().signal;

export const rowsOf = (pages: readonly Page[]): Bar[] => toRows(barsIn(pages));

/** For `assert.rejects`: the code, and these facts among others. */
export const isCode =
  (code: ErrorCode, facts: Facts = {}) =>
  (e: unknown): boolean => {
    assert.ok(isTapekeepError(e, code), `${code} was expected, not ${String(e)}`);
    assert.deepEqual({ ...e.facts, ...facts }, e.facts);
    return true;
  };

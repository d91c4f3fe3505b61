/**
 * An `Io` that misbehaves on purpose: it counts every operation over a real one, records them for the generator of
 * power losses, and breaks, delays, shortens, flips, holds or kills at the ones a plan names. All chance is seeded.
 */
import type { Draft, Io } from '../../src/store/io.js';
import { chance } from './chance.js';

export type Op =
  | 'read'
  | 'create'
  | 'write'
  | 'sync'
  | 'size'
  | 'close'
  | 'syncFolder'
  | 'link'
  | 'rename'
  | 'remove'
  | 'removeFolder'
  | 'list'
  | 'facts'
  | 'makeFolder';

/** What a kill can leave a trace of: before any other operation the disk is as it was before the one of these that follows. */
export const CHANGES = ['create', 'write', 'link', 'rename', 'remove', 'removeFolder', 'makeFolder'] as const satisfies readonly Op[];

export type Effect =
  /** Fails with this errno; `done` says that the operation took effect all the same. */
  | { readonly error: string; readonly done?: boolean }
  | { readonly delayMs: number }
  /** Waits at a gate before the operation: two writers are driven into each interleaving by it. */
  | { readonly hold: Gate }
  /** A write of about half the bytes. */
  | 'short'
  /** A read with one bit turned over. */
  | 'flip'
  /** The process dies before the operation. */
  | 'kill';

export interface Fault {
  readonly op?: Op | readonly Op[];
  readonly match?: RegExp;
  /** The n-th operation, from 1, that fits `op` and `match`; every one when neither this nor a probability is given. */
  readonly nth?: number;
  readonly probability?: number;
  readonly effect: Effect;
}

/** One operation as it happened. A draft's operations carry its number, so that a renamed file stays the same file. */
export interface Call {
  readonly op: Op;
  readonly path: string;
  readonly to?: string;
  readonly draft?: number;
  readonly bytes?: Uint8Array;
  readonly failed?: string;
  /** It took effect, and the caller was told that it failed. */
  readonly told?: string;
}

export interface FaultyIo extends Io {
  readonly calls: readonly Call[];
  /** Settles when a fault has killed. */
  readonly died: Promise<void>;
}

export interface Plan {
  readonly faults?: readonly Fault[];
  readonly seed?: number;
  /** How to die; afterwards no operation of this seam ever ends. A real SIGKILL unless a test simulates it. */
  readonly kill?: () => void;
}

/** A place where an operation waits until the test lets it go. */
export class Gate {
  readonly #arrival = promised();
  readonly #opening = promised();
  readonly reached: Promise<void> = this.#arrival.promise;

  async pass(): Promise<void> {
    this.#arrival.settle();
    await this.#opening.promise;
  }

  open(): void {
    this.#opening.settle();
  }
}

function promised(): { promise: Promise<void>; settle: () => void } {
  let settle = (): void => {};
  const promise = new Promise<void>(resolve => {
    settle = resolve;
  });
  return { promise, settle };
}

const sigkill = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

export const errnoError = (errno: string, op: string, path: string): Error =>
  Object.assign(new Error(`${errno}: made by a test, ${op} '${path}'`), { code: errno, path });

export function faultyIo(inner: Io, { faults = [], seed = 1, kill = sigkill }: Plan = {}): FaultyIo {
  const calls: Call[] = [];
  const random = chance(seed);
  const met = new Map<Fault, number>();
  const death = promised();
  let dead = false;
  let drafts = 0;

  const due = (call: Call): Effect | undefined => {
    let effect: Effect | undefined;
    for (const fault of faults) {
      if (fault.op && ![fault.op].flat().includes(call.op)) continue;
      if (fault.match && !fault.match.test(call.to ?? call.path) && !fault.match.test(call.path)) continue;
      const n = (met.get(fault) ?? 0) + 1;
      met.set(fault, n);
      if (fault.nth !== undefined && n !== fault.nth) continue;
      if (fault.probability !== undefined && random() >= fault.probability) continue;
      effect ??= fault.effect;
    }
    return effect;
  };

  async function run<T>(call: Call, work: (effect: Effect | undefined) => Promise<T>): Promise<T> {
    if (dead) return new Promise<T>(() => {});
    const effect = due(call);
    if (effect === 'kill') {
      dead = true;
      kill();
      death.settle();
      return new Promise<T>(() => {});
    }
    if (typeof effect === 'object') {
      if ('delayMs' in effect) await new Promise(resolve => setTimeout(resolve, effect.delayMs));
      if ('hold' in effect) await effect.hold.pass();
      if ('error' in effect) {
        if (effect.done) await work(undefined).then(() => calls.push({ ...call, told: effect.error }));
        else calls.push({ ...call, failed: effect.error });
        throw errnoError(effect.error, call.op, call.path);
      }
    }
    const result = await work(effect);
    // A call counts when it took effect; what failed of itself changed nothing.
    calls.push(call);
    return result;
  }

  const draftOn = (draft: Draft, path: string, id: number): Draft => ({
    write(bytes) {
      const some = bytes.subarray(0, Math.max(1, bytes.length >> 1));
      const call = { op: 'write', path, draft: id, bytes: Uint8Array.from(bytes) } as const;
      return run(call, effect => draft.write(effect === 'short' ? some : bytes)).then(written => {
        if (written < bytes.length) shorten(calls, id, written);
        return written;
      });
    },
    sync: () => run({ op: 'sync', path, draft: id }, () => draft.sync()),
    size: () => run({ op: 'size', path, draft: id }, () => draft.size()),
    // A handle is let go even where closing it is told to fail: a test leaves none behind.
    close: () =>
      run({ op: 'close', path, draft: id }, () => draft.close()).catch(async error => {
        await draft.close().catch(() => {});
        throw error;
      }),
  });

  return {
    calls,
    died: death.promise,
    read: path =>
      run({ op: 'read', path }, async effect => {
        const bytes = await inner.read(path);
        return effect === 'flip' ? flipped(bytes, random) : bytes;
      }),
    async create(path) {
      const id = ++drafts;
      return draftOn(await run({ op: 'create', path, draft: id }, () => inner.create(path)), path, id);
    },
    syncFolder: path => run({ op: 'syncFolder', path }, () => inner.syncFolder(path)),
    link: (from, to) => run({ op: 'link', path: from, to }, () => inner.link(from, to)),
    rename: (from, to) => run({ op: 'rename', path: from, to }, () => inner.rename(from, to)),
    remove: path => run({ op: 'remove', path }, () => inner.remove(path)),
    removeFolder: path => run({ op: 'removeFolder', path }, () => inner.removeFolder(path)),
    list: path => run({ op: 'list', path }, () => inner.list(path)),
    facts: path => run({ op: 'facts', path }, () => inner.facts(path)),
    makeFolder: path => run({ op: 'makeFolder', path }, () => inner.makeFolder(path)),
    room: folder => inner.room(folder),
  };
}

/** The bytes with one bit turned over. */
export function flipped(bytes: Uint8Array, random: () => number): Uint8Array {
  const out = Uint8Array.from(bytes);
  const at = Math.floor(random() * out.length);
  if (out.length > 0) out[at] = (out[at] as number) ^ (1 << Math.floor(random() * 8));
  return out;
}

/** The record of a short write tells only what was written. */
function shorten(calls: Call[], draft: number, written: number): void {
  const at = calls.findLastIndex(c => c.op === 'write' && c.draft === draft);
  const call = calls[at];
  if (call?.bytes) calls[at] = { ...call, bytes: call.bytes.subarray(0, written) };
}

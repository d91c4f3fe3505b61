/**
 * Values in a folder that processes share: each is a folder of numbered files, of which the highest one counts. A change is
 * a file of the next number, which only one process can create; who comes second works it out anew. So there is no lock, and
 * a process that is killed at any point holds nobody up. All of it is synchronous and takes about a tenth of a millisecond;
 * looking at what nobody changed meanwhile takes a tenth of that.
 * Nothing is forced to the disk: after a power cut the newest file that can be read counts.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Changed, Kept, Records } from './records.js';

/** Where the folder cannot be written to, this process keeps the value for itself, and `warn` hears so once. */
export function recordsIn(folder: string, warn: (what: string, facts: Readonly<Record<string, unknown>>) => void = () => {}): Records {
  const all = new Map<string, Kept>();
  let told = false;
  const failed = (error: unknown): void => {
    if (!told) warn('limits of sources are kept by this process alone', { folder, reason: (error as Error).message });
    told = true;
  };
  return {
    of(name) {
      const kept = all.get(name) ?? new NumberedFiles(join(folder, name), failed);
      all.set(name, kept);
      return kept;
    },
  };
}

/** So many earlier files stay, for who is reading them and for a power cut. */
const EARLIER = 4;
const MOST_TRIES = 1_000;
/** What a killed process left of a file that it was writing. */
const LEFT_MS = 60_000;
/** No two processes have the same, not even those of two containers with one home. */
const OURS = randomUUID().slice(0, 13);
let changes = 0;
/** Of so many processes it is remembered which of their changes was the last. */
const MOST_PROCESSES = 16;

interface Written {
  readonly value: unknown;
  /** The last change of each process that is in here. */
  readonly by: Readonly<Record<string, number>>;
}

interface Newest extends Partial<Written> {
  readonly number: number;
  /** Everything that lies there. */
  readonly names: readonly string[];
  /** Which file it is, when it is the one of that number that was read. */
  readonly mark?: string;
}

class NumberedFiles implements Kept {
  /** What this process keeps for itself, for as long as the folder takes nothing. */
  private alone: { readonly value: unknown } | undefined;
  /** What was found or put here last. */
  private seen: Newest | undefined;

  constructor(
    private readonly folder: string,
    private readonly failed: (error: unknown) => void,
  ) {}

  read(): unknown {
    return this.alone ? this.alone.value : this.newest().value;
  }

  change<R>(step: (value: unknown) => Changed<R>): R {
    for (let tries = 1; ; tries++) {
      const newest = this.newest();
      const { keep, result } = step(this.alone ? this.alone.value : newest.value);
      if (keep === undefined) return result;
      try {
        if (this.put(newest, keep)) {
          this.alone = undefined;
          return result;
        }
        if (tries < MOST_TRIES) continue;
        throw new Error(`${MOST_TRIES} attempts were overtaken`);
      } catch (error) {
        this.failed(error);
        this.alone = { value: keep };
        return result;
      }
    }
  }

  /** Numbers only grow: as long as the file is the same and none follows it, nothing has changed. */
  private newest(): Newest {
    const { seen } = this;
    if (seen?.mark !== undefined && markOf(this.file(seen.number)) === seen.mark && markOf(this.file(seen.number + 1)) === undefined)
      return seen;
    this.seen = this.look();
    return this.seen;
  }

  private look(): Newest {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const names = namesIn(this.folder);
      const numbers = numbersOf(names);
      const number = numbers.at(-1) ?? 0;
      const mark = number > 0 ? markOf(this.file(number)) : undefined;
      const found = this.firstReadable(numbers);
      // Swept between the two looks: others went on.
      if (found !== 'gone') return { ...found?.written, number, names, ...(found?.back === 0 && mark !== undefined && { mark }) };
    }
    return { number: 0, names: [] };
  }

  private firstReadable(numbers: readonly number[]): { readonly written: Written; readonly back: number } | undefined | 'gone' {
    for (const [back, number] of [...numbers].reverse().entries()) {
      try {
        return { written: writtenIn(readFileSync(this.file(number), 'utf8')), back };
      } catch (error) {
        if (back === 0 && isCode(error, 'ENOENT')) return 'gone';
      }
    }
    return undefined;
  }

  /** false: another process was first. */
  private put({ number, names, by }: Newest, value: unknown): boolean {
    const change = ++changes;
    const temp = join(this.folder, `${OURS}.tmp`);
    const { [OURS]: _, ...others } = by ?? {};
    const latest = Object.fromEntries(Object.entries(others).slice(1 - MOST_PROCESSES));
    if (names.length === 0) mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const written: Written = { value, by: { ...latest, [OURS]: change } };
    writeFileSync(temp, JSON.stringify(written), { mode: 0o600 });
    const mark = markOf(temp);
    this.seen = undefined;
    try {
      linkSync(temp, this.file(number + 1));
    } catch (error) {
      if (isCode(error, 'EEXIST') || isCode(error, 'ENOENT')) return false;
      throw error;
    } finally {
      rmSync(temp, { force: true });
    }
    // Only numbers below the highest are swept, so one that is used a second time is not the highest. Where ours is not, others
    // went on: from this change, or long before it.
    const there = namesIn(this.folder);
    if (numbersOf(there).at(-1) !== number + 1) {
      if (this.look().by?.[OURS] === change) return true;
      rmSync(this.file(number + 1), { force: true });
      return false;
    }
    try {
      this.seen = { ...written, number: number + 1, names: this.sweep(there, number + 1), ...(mark !== undefined && { mark }) };
    } catch {
      // The next change sweeps.
    }
    return true;
  }

  private sweep(names: readonly string[], newest: number): string[] {
    const old = new Set(
      numbersOf(names)
        .filter(number => number < newest - EARLIER)
        .map(number => `${number}.json`),
    );
    for (const name of old) rmSync(join(this.folder, name), { force: true, recursive: true });
    for (const name of names) if (name.endsWith('.tmp')) this.sweepTemp(join(this.folder, name));
    return names.filter(name => !old.has(name));
  }

  private sweepTemp(file: string): void {
    const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (written !== undefined && Math.abs(Date.now() - written) > LEFT_MS) rmSync(file, { force: true });
  }

  private file(number: number): string {
    return join(this.folder, `${number}.json`);
  }
}

function writtenIn(text: string): Written {
  const { value, by } = JSON.parse(text) as Written;
  return { value, by: typeof by === 'object' && by !== null ? by : {} };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It is not there yet, or cannot be read: writing tells.
    return [];
  }
}

const numbersOf = (names: readonly string[]): number[] =>
  names
    .filter(name => /^[1-9]\d{0,14}\.json$/.test(name))
    .map(name => Number.parseInt(name, 10))
    .sort((a, b) => a - b);

/** The number of a file that was removed is given to another one at once; its time is not. */
function markOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.mtimeMs}`;
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

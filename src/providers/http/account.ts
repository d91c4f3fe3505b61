/** The allowance of one key at one source, kept where every process of this machine finds it. */
import { createHash } from 'node:crypto';
import { type Kept, type Records, recordsInMemory } from '../records/records.js';
import { type Allowance, allowanceIn, type Entrant, type Entry, enter, ofToday, type Shut, shutFor, shutOut, usedUp } from './allowance.js';
import type { Key } from './mask.js';
import type { Rate } from './rate.js';

/** Who is asked, and as whom. */
export interface Holder {
  readonly name: string;
  readonly baseUrl: string;
  readonly keys?: readonly Key[];
  /** A part of the source that counts for itself. */
  readonly part?: string;
}

export interface Account {
  /** Takes the weight and a place; or sends away, and keeps a place for when it is time. */
  enter(entrant: Entrant): Entry;
  /** Nobody passes for so long. */
  shut(ms: number, why: Shut['why']): void;
  /** How long nobody passes, and why; null: it is open. */
  shutNow(): { readonly ms: number; readonly why: Shut['why'] } | null;
  /** What the source says of the weight that was used. */
  told(headers: Readonly<Record<string, string>>): void;
}

/** A key is in no name and in no file: only what cannot be turned back into it. */
export function recordOf({ name, baseUrl, keys = [], part = '' }: Holder): string {
  const who = JSON.stringify([new URL(baseUrl).origin, part, ...keys.map(key => key.reveal())]);
  return `${name}-${createHash('sha256').update(who).digest('hex').slice(0, 20)}`;
}

export function openAccount(holder: Holder & { readonly rate: Rate }, records: Records | undefined, now: () => number): Account {
  const { rate } = holder;
  const kept = (records ?? recordsInMemory()).of(recordOf(holder));
  const read = (): Allowance => allowanceIn(kept.read(), rate, now());
  return {
    enter: entrant =>
      kept.change(value => {
        const before = allowanceIn(value, rate, now());
        const [after, entry] = enter(before, rate, now(), entrant);
        return { result: entry, ...(after !== before && { keep: after }) };
      }),
    shut: (ms, why) => changeTo(kept, rate, now, allowance => shutOut(allowance, now(), ms, why)),
    shutNow() {
      const allowance = read();
      const ms = shutFor(allowance, now());
      return allowance.shut && ms > 0 ? { ms, why: allowance.shut.why } : null;
    },
    told(headers) {
      const weight = Number(headers[rate.used?.header ?? ''] ?? Number.NaN);
      if (Number.isNaN(weight)) return;
      const before = read();
      // Most answers say nothing new, and looking is cheaper than writing.
      if (usedUp(before, rate, now(), weight) === before) return;
      changeTo(kept, rate, now, allowance => usedUp(allowance, rate, now(), weight));
    },
  };
}

function changeTo(kept: Kept, rate: Rate, now: () => number, by: (allowance: Allowance) => Allowance): void {
  kept.change(value => {
    const before = allowanceIn(value, rate, now());
    const after = by(before);
    return { result: undefined, ...(after !== before && { keep: after }) };
  });
}

/** How an account stands, for who looks at it. */
export interface AccountFacts {
  /** For how long nobody passes, and why. */
  readonly rests: { readonly ms: number; readonly why: 'limit' | 'ban' | 'used' | 'day' } | null;
  /** Requests of today that are left; null: as many as one likes. */
  readonly leftToday: number | null;
}

export function factsOfAccount(holder: Holder, perDay: number | undefined, records: Records, now: number): AccountFacts {
  const allowance = allowanceIn(records.of(recordOf(holder)).read(), { perMinute: 1, burst: 1 }, now);
  const ms = shutFor(allowance, now);
  const leftToday = perDay === undefined ? null : Math.max(0, perDay - ofToday(allowance, now).asked);
  const shut = allowance.shut && ms > 0 ? { ms, why: allowance.shut.why } : null;
  const spent = leftToday === 0 ? ({ ms: DAY - (now % DAY), why: 'day' } as const) : null;
  return { rests: shut && spent ? (shut.ms > spent.ms ? shut : spent) : (shut ?? spent), leftToday };
}

const DAY = 86_400_000;

/** The allowance of one key at one source, kept where every process of this machine finds it. */
import { createHash } from 'node:crypto';
import { type Records, recordsInMemory } from '../records/records.js';
import {
  type Allowance,
  allowanceIn,
  type Entrant,
  type Entry,
  enter,
  ofToday,
  type Shut,
  shutFor,
  shutOut,
  takeHandful,
  usedUp,
} from './allowance.js';
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
  let hand = EMPTY;
  // Whatever is learned of the source counts for what is in the hand, too.
  const learn = (by: (allowance: Allowance) => Allowance): void => {
    hand = EMPTY;
    kept.change(value => {
      const before = allowanceIn(value, rate, now());
      const after = by(before);
      return { result: undefined, ...(after !== before && { keep: after }) };
    });
  };
  return {
    enter(entrant) {
      const rest = inHand(hand, entrant.weight, now());
      if (rest) {
        hand = rest;
        return { passes: true, waitMs: 0 };
      }
      const [entry, taken] = kept.change(value => {
        const before = allowanceIn(value, rate, now());
        const [entered, entry] = enter(before, rate, now(), entrant);
        const [after, handful] = entry.passes ? takeHandful(entered, rate, entrant.weight) : [entered, 0];
        return { result: [entry, handful] as const, ...(after !== before && { keep: after }) };
      });
      hand = { weight: taken, at: now() };
      return entry;
    },
    shut: (ms, why) => learn(allowance => shutOut(allowance, now(), ms, why)),
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
      learn(allowance => usedUp(allowance, rate, now(), weight));
    },
  };
}

/** What was taken beyond one's own need, to be used soon. */
interface Hand {
  readonly weight: number;
  readonly at: number;
}

const EMPTY: Hand = { weight: 0, at: 0 };

/** For so long: within it another process may shut the door, and what is under way goes in. */
const IN_HAND_MS = 100;

/** What is left in the hand after a request of this weight; undefined: it is not enough, or too old. */
const inHand = ({ weight, at }: Hand, wanted: number, now: number): Hand | undefined =>
  weight >= wanted && now >= at && now - at < IN_HAND_MS ? { weight: weight - wanted, at } : undefined;

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

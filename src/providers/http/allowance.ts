/**
 * What one key may ask of its source, and what was asked: arithmetic alone. There is a bucket of tokens, a door that is shut
 * for as long as the source told us to stay away, a count of the day, and a line: who has to wait for long is given a place
 * in it, comes back, and finds that others did not pass by meanwhile.
 */
import { bucketOf, type Rate } from './rate.js';

export type Why = 'limit' | 'ban' | 'used' | 'day' | 'own';

export interface Allowance {
  /** Below zero: so much is promised to those that wait. */
  readonly tokens: number;
  readonly at: number;
  readonly shut: Shut | null;
  /** The day in UTC, counted from the epoch, and the requests of it. */
  readonly day: number;
  readonly asked: number;
  readonly places: readonly Place[];
}

export interface Shut {
  readonly at: number;
  readonly ms: number;
  readonly why: 'limit' | 'ban' | 'used';
}

interface Place {
  readonly who: string;
  readonly weight: number;
  readonly at: number;
  /** Since when it is waited for. */
  readonly since: number;
}

export interface Entrant {
  /** Who asks, to be known again; several may go by one name. */
  readonly who: string;
  readonly weight: number;
  /** How long it would wait here. */
  readonly patienceMs: number;
  /** Its request is counted already: it came too late for the place it had. */
  readonly again?: boolean;
}

export type Entry =
  | { readonly passes: true; readonly waitMs: number }
  | { readonly passes: false; readonly waitMs: number; readonly why: Why };

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A place is kept for so long behind its time. */
const GRACE_MS = 60_000;
const MOST_PLACES = 500;
const SOON_MS = 1_000;
const NEARLY = 0.95;

const dayOf = (now: number): number => Math.floor(now / DAY);

export const fresh = (rate: Rate, now: number): Allowance => ({
  tokens: bucketOf(rate).most,
  at: now,
  shut: null,
  day: dayOf(now),
  asked: 0,
  places: [],
});

/** Lets pass, at once or after a wait, or sends away until then; `waitMs` is kept to either way. */
export function enter(allowance: Allowance, rate: Rate, now: number, { who, weight, patienceMs, again }: Entrant): [Allowance, Entry] {
  const refused = (waitMs: number, why: Why): Entry => ({ passes: false, waitMs, why });
  const shut = shutFor(allowance, now);
  if (allowance.shut && shut > 0) return [allowance, refused(shut, allowance.shut.why)];
  const today = ofToday(allowance, now);
  if (!again && today.asked >= (rate.perDay ?? Number.POSITIVE_INFINITY)) return [allowance, refused((today.day + 1) * DAY - now, 'day')];
  const filled = fill(today, rate, now);
  const places = filled.places.filter(({ at, since }) => now >= since && now < at + GRACE_MS);
  const mine = places.find(place => place.who === who && place.weight >= weight);
  const ahead = mine ? 0 : places.reduce((sum, place) => sum + place.weight, 0);
  const waitMs = Math.max(0, Math.ceil((weight + ahead - filled.tokens) / bucketOf(rate).perMs));
  const others = places.filter(place => place !== mine);
  const early = mine ? mine.at - now : 0;
  if (early > SOON_MS) return [allowance, refused(early, 'own')];
  // Who waits here leaves when its tokens are there, not later: with others ahead of it, it has to come back.
  if (waitMs <= (ahead > 0 ? 0 : patienceMs))
    return [
      { ...filled, tokens: filled.tokens - weight, asked: filled.asked + (again ? 0 : 1), places: others },
      { passes: true, waitMs },
    ];
  const place = { who, weight: mine?.weight ?? weight, at: now + waitMs, since: now };
  return [{ ...filled, places: places.length < MOST_PLACES ? [...others, place] : places }, refused(waitMs, 'own')];
}

const HANDFUL = 10;

/** Where there is plenty, who passed takes what the next few requests will need: the allowance is changed less often. */
export function takeHandful(allowance: Allowance, rate: Rate, weight: number): [Allowance, number] {
  const handful = weight * HANDFUL;
  const plenty = rate.perDay === undefined && allowance.tokens - handful >= bucketOf(rate).most / 2;
  return plenty ? [{ ...allowance, tokens: allowance.tokens - handful, asked: allowance.asked + HANDFUL }, handful] : [allowance, 0];
}

/** How long the door is still shut; 0: open. A clock that was set back does not keep it shut for longer than was told. */
export const shutFor = ({ shut }: Allowance, now: number): number =>
  shut === null ? 0 : Math.max(0, Math.min(shut.ms, shut.at + shut.ms - now));

export const shutOut = (allowance: Allowance, now: number, ms: number, why: Shut['why']): Allowance =>
  ms <= shutFor(allowance, now) ? allowance : { ...allowance, shut: { at: now, ms, why } };

/** What the source says of the weight in the running minute: others behind this address use it up, too. */
export function usedUp(allowance: Allowance, rate: Rate, now: number, weight: number): Allowance {
  const { limit = Number.POSITIVE_INFINITY } = rate.used ?? {};
  if (weight >= limit * NEARLY) return shutOut(allowance, now, MINUTE - (now % MINUTE), 'used');
  const filled = fill(allowance, rate, now);
  return filled.tokens <= limit - weight ? allowance : { ...filled, tokens: limit - weight };
}

/** Requests of the running day; one that a clock set back has left stays the one that is counted. */
export const ofToday = (allowance: Allowance, now: number): Allowance => {
  const ahead = allowance.day - dayOf(now);
  return ahead === 0 || ahead === 1 ? allowance : { ...allowance, day: dayOf(now), asked: 0 };
};

function fill(allowance: Allowance, rate: Rate, now: number): Allowance {
  const { most, perMs } = bucketOf(rate);
  return { ...allowance, tokens: Math.min(most, allowance.tokens + Math.max(0, now - allowance.at) * perMs), at: now };
}

/** As it was kept, by this program or another one: what makes no sense counts nothing, the source itself says when it is too much. */
export function allowanceIn(value: unknown, rate: Rate, now: number): Allowance {
  const unknown = fresh(rate, now);
  if (typeof value !== 'object' || value === null) return unknown;
  const { tokens, at, shut, day, asked, places } = value as Record<keyof Allowance, unknown>;
  if (![tokens, at, day, asked].every(Number.isFinite)) return unknown;
  return {
    // No more than this is ever promised.
    tokens: Math.max(tokens as number, -bucketOf(rate).perMs * MINUTE),
    at: at as number,
    shut: isShut(shut) ? shut : null,
    day: day as number,
    asked: asked as number,
    places: Array.isArray(places) ? places.filter(isPlace) : [],
  };
}

const MOST_SHUT = 7 * DAY;

const isShut = (value: unknown): value is Shut => {
  const { at, ms, why } = (value ?? {}) as Shut;
  return Number.isFinite(at) && ms > 0 && ms <= MOST_SHUT && ['limit', 'ban', 'used'].includes(why);
};

const isPlace = (value: unknown): value is Place => {
  const { who, weight, at, since } = (value ?? {}) as Place;
  return typeof who === 'string' && Number.isFinite(since) && at >= since && at <= since + DAY && weight > 0 && weight < 1e6;
};

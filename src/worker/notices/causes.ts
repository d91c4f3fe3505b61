/** Which notices are due: at most one per cause and hour, and one when it is over. What is remembered is plain JSON. */
import type { Condition, Notice, NoticeKind } from '../../model/notices.js';
import { NOTICE_KINDS } from '../../model/notices.js';

export interface Cause extends Condition {
  readonly since: number;
  /** When a person was last told that it began. */
  readonly toldAt: number | null;
  /** Told that it began, and not yet that it is over. */
  readonly told: boolean;
  readonly overAt: number | null;
}

export type Causes = Readonly<Record<string, Cause>>;
/** What a look found, by kind; a kind that could not be looked at is absent. */
export type Looked = Readonly<Partial<Record<NoticeKind, readonly Condition[]>>>;

const HOUR = 3_600_000;
const MOST_CAUSES = 5_000;
const MOST_NAMED = 100;
const MOST_IN_WORDS = 3;

const keyOf = ({ kind, about }: Pick<Condition, 'kind' | 'about'>): string => `${kind} ${about}`;

/** What is so after a look. A cause that was never told of leaves no trace when it is over. */
export function seen(before: Causes, looked: Looked, now: number): Causes {
  const after: Record<string, Cause> = { ...before };
  for (const kind of Object.keys(looked) as NoticeKind[]) {
    const found = new Map((looked[kind] ?? []).map(condition => [keyOf(condition), condition]));
    for (const [key, cause] of Object.entries(before)) {
      if (cause.kind !== kind || found.has(key)) continue;
      if (cause.told && cause.overAt === null) after[key] = { ...cause, overAt: now };
      else if (!cause.told && !isRecent(cause, now)) delete after[key];
      else if (!cause.told) after[key] = { ...cause, overAt: cause.overAt ?? now };
    }
    for (const [key, condition] of found) {
      const cause = before[key];
      const again = cause === undefined || (cause.overAt !== null && !cause.told);
      if (cause === undefined && Object.keys(after).length >= MOST_CAUSES) continue;
      after[key] = {
        ...condition,
        since: again ? now : cause.since,
        toldAt: cause?.toldAt ?? null,
        told: cause?.told ?? false,
        overAt: null,
      };
    }
  }
  return after;
}

/** A clock that was set back does not silence anything for longer than it was to be. */
const isRecent = ({ toldAt }: Cause, now: number): boolean => toldAt !== null && now >= toldAt && now - toldAt < HOUR;

export interface Due {
  readonly notice: Notice;
  readonly keys: readonly string[];
}

/** One for each kind that began, and one for each that is over, whatever the number of its causes. */
export function due(causes: Causes, now: number): Due[] {
  const all = Object.entries(causes);
  const begun = all.filter(([, cause]) => cause.overAt === null && !cause.told && !isRecent(cause, now));
  const over = all.filter(([, cause]) => cause.overAt !== null && cause.told);
  return (Object.keys(NOTICE_KINDS) as NoticeKind[]).flatMap(kind => [
    ...together(kind, 'begun', begun, now),
    ...together(kind, 'over', over, now),
  ]);
}

function together(kind: NoticeKind, state: Notice['state'], all: readonly (readonly [string, Cause])[], now: number): Due[] {
  const own = all.filter(([, cause]) => cause.kind === kind);
  if (own.length === 0) return [];
  const text = (cause: Cause): string => (state === 'begun' ? cause.text : `${cause.about}: ${NOTICE_KINDS[kind].over}`);
  const causes = own.slice(0, MOST_NAMED).map(([, cause]) => ({
    about: cause.about,
    since: new Date(cause.since).toISOString(),
    text: text(cause),
    facts: cause.facts,
  }));
  const words = own.slice(0, MOST_IN_WORDS).map(([, cause]) => text(cause));
  const more = own.length > MOST_IN_WORDS ? [`and ${own.length - MOST_IN_WORDS} more`] : [];
  const notice: Notice = {
    program: 'tapekeep',
    kind,
    state,
    text: [...words, ...more].join('; '),
    at: new Date(now).toISOString(),
    causes,
  };
  return [{ notice, keys: own.map(([key]) => key) }];
}

/** What was told is remembered as told; what could not be is due again at the next look. */
export function told(causes: Causes, { notice, keys }: Due, now: number): Causes {
  const after: Record<string, Cause> = { ...causes };
  for (const key of keys) {
    const cause = after[key];
    if (!cause) continue;
    after[key] = notice.state === 'begun' ? { ...cause, told: true, toldAt: now } : { ...cause, told: false };
  }
  return after;
}

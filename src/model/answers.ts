/** What a provider's answers to one load mean: which bars are absent, why, and when to ask again. */
import { addAll } from './add-all.js';
import type { Bars } from './bars.js';
import type { Calendar } from './calendar.js';
import type { Absence, Holdings, Reason, Verdict } from './coverage.js';
import { type Interval, type IntervalSet, intersect, interval, subtract, toSet, totalMs } from './interval.js';
import { DAY, HOUR, isIntraday, type Timeframe } from './timeframe.js';

/** What one page settled, without its bars. */
export interface Answer extends Interval {
  readonly rows: number;
  /** Opens of its first and last bar; both 0 without bars. */
  readonly first: number;
  readonly last: number;
  readonly verdict: Verdict | null;
  readonly evidence: string;
  /** Stretches between two of its bars that "no trade" does not explain. */
  readonly holes: IntervalSet;
}

/** A stretch without a bar in so much open time is a question, not a quiet market. So is a whole session. */
const TOO_LONG = DAY;
const FIRST_REST = DAY;

/** What decides whether a stretch between two bars is a quiet market or a question. */
type Market = Pick<Asking, 'calendar' | 'timeframe' | 'omitsEmpty'>;

/** The stretches between two bars that no quiet market explains. */
export function unexplained(bars: Bars, market: Market): IntervalSet {
  const holes: Interval[] = [];
  for (let i = 1; i < bars.ts.length; i++) {
    const hole = holeBetween(bars.ts[i - 1] as number, bars.ts[i] as number, market);
    if (hole) holes.push(hole);
  }
  return holes;
}

function holeBetween(before: number, after: number, { calendar, timeframe, omitsEmpty }: Market): Interval | undefined {
  if (omitsEmpty && after - before <= TOO_LONG) return undefined;
  const from = calendar.next(before, timeframe);
  if (!(from < after) || calendar.count(interval(from, after), timeframe) === 0) return undefined;
  return omitsEmpty && isIntraday(timeframe) && isQuiet(interval(from, after), calendar) ? undefined : interval(from, after);
}

/** The last minutes before a weekend may be without a trade like any others. */
function isQuiet(stretch: Interval, calendar: Calendar): boolean {
  const sessions = calendar.sessions(interval(stretch.from - DAY, stretch.to + DAY));
  const whole = sessions.some(({ segments }) => (segments[0]?.from ?? 0) >= stretch.from && (segments.at(-1)?.to ?? 0) <= stretch.to);
  return !whole && totalMs(intersect(toSet(sessions.flatMap(s => s.segments)), [stretch])) < TOO_LONG;
}

/** The part of the answers that may become coverage: an answer that failed, or came too early, settles nothing. */
export const settled = (answers: readonly Answer[]): IntervalSet =>
  toSet(answers.filter(a => a.verdict === null || a.verdict === 'empty' || a.verdict === 'beyond_depth'));

export interface Asking {
  readonly provider: string;
  /** It sends no bar for a minute without a trade. */
  readonly omitsEmpty: boolean;
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  readonly now: number;
  readonly held: Holdings;
  /** The symbol's life, as far as the provider tells it. */
  readonly listing?: { readonly first?: number; readonly last?: number; readonly evidence: string };
}

/** The ledger's news from the answers of one batch, in any order. Answers that touch are one contiguous answer. */
export function judge(answers: readonly Answer[], asking: Asking): Absence[] {
  const sorted = [...answers].sort((a, b) => a.from - b.from);
  const quiet = quietStretches(sorted, asking);
  const open = subtract(toSet(sorted.filter(a => a.verdict !== 'failed' && a.verdict !== 'not_yet_published')), toSet(quiet));
  const said = sorted.filter(a => a.rows === 0 && a.verdict !== null);
  const lacking = (asking.omitsEmpty ? quiet : []).filter(q => rowsIn(sorted, q) < asking.calendar.count(q, asking.timeframe));
  const absences = lacking.map(q => absence(q, 'no_trade', null, 'between two bars of one answer', null, asking));
  for (const stretch of open) addAll(absences, absent(stretch, said, asking));
  return absences;
}

/** Bars of the pages whose bars lie in a quiet stretch: all of a page's bars do, or none. */
const rowsIn = (answers: readonly Answer[], within: Interval): number =>
  answers.reduce((n, a) => n + (a.rows > 0 && a.first >= within.from && a.last < within.to ? a.rows : 0), 0);

/** From the first to the last bar of pages that touch, without what no quiet market explains. An empty page breaks the run. */
function quietStretches(sorted: readonly Answer[], market: Market): IntervalSet {
  const stretches: Interval[] = [];
  const holes: Interval[] = [];
  sorted.forEach((answer, i) => {
    if (answer.rows === 0) return;
    const before = sorted[i - 1];
    const joint = before && before.rows > 0 && answer.from <= before.to ? before : undefined;
    const hole = joint && holeBetween(joint.last, answer.first, market);
    if (hole) holes.push(hole);
    stretches.push(interval(joint ? joint.last : answer.first, market.calendar.next(answer.last, market.timeframe)));
    addAll(holes, answer.holes);
  });
  return subtract(toSet(stretches), toSet(holes));
}

/** Records for a stretch that was answered without bars. */
function absent(stretch: Interval, said: readonly Answer[], asking: Asking): Absence[] {
  const out: Absence[] = [];
  const stated = said.flatMap(a => {
    const from = Math.max(a.from, stretch.from);
    const to = Math.min(a.to, stretch.to);
    return from < to ? [{ from, to, answer: a }] : [];
  });
  for (const { from, to, answer } of stated) addAll(out, emptyRecord(interval(from, to), answer.verdict, answer.evidence, asking));
  for (const rest of subtract([stretch], toSet(stated))) addAll(out, emptyRecord(rest, 'empty', 'no bar where some were expected', asking));
  return out;
}

/** One record, or several where the symbol's life begins or ends within. */
function emptyRecord(within: Interval, verdict: Verdict | null, evidence: string, asking: Asking): Absence[] {
  const { listing, calendar, timeframe } = asking;
  const life = interval(listing?.first ?? Number.NEGATIVE_INFINITY, listing?.last ?? Number.POSITIVE_INFINITY);
  const part = (from: number, to: number, make: (i: Interval) => Absence): Absence[] =>
    to > from && calendar.count(interval(from, to), timeframe) > 0 ? [make(interval(from, to))] : [];
  const told = listing?.evidence ?? '';
  return [
    ...part(within.from, Math.min(within.to, life.from), i => absence(i, 'before_listing', 'empty', told, null, asking)),
    ...part(Math.max(within.from, life.from), Math.min(within.to, life.to), i => inLife(i, verdict, evidence, asking)),
    ...part(Math.max(within.from, life.to), within.to, i => absence(i, 'after_delisting', 'empty', told, null, asking)),
  ];
}

function inLife(within: Interval, verdict: Verdict | null, evidence: string, asking: Asking): Absence {
  if (verdict === 'beyond_depth') {
    const before = asking.held.ledger.find(a => a.reason === 'out_of_reach' && a.from <= within.from && a.to >= within.to);
    const news = absence(within, 'out_of_reach', verdict, evidence, null, asking);
    return { ...news, asked: [...new Set([...(before?.asked ?? []), asking.provider])] };
  }
  return believed(absence(within, 'provider_empty', 'empty', evidence, asking.now + FIRST_REST, asking), asking);
}

/** Empty is believed when it was seen before, at least a day ago or by another provider. */
function believed(news: Absence, { held, provider, now }: Asking): Absence {
  const before = held.ledger.find(a => a.from <= news.from && a.to >= news.to && a.verdict === 'empty');
  if (!before) return news;
  const asked = [...new Set([...before.asked, provider])];
  const confirmed = now - before.firstAsked >= DAY || asked.length > 1;
  const evidence = confirmed ? `${news.evidence}; seen before` : news.evidence;
  return {
    ...news,
    asked,
    evidence,
    attempts: before.attempts + 1,
    firstAsked: before.firstAsked,
    next: confirmed ? null : Math.max(now + HOUR, before.firstAsked + DAY),
  };
}

const absence = (
  within: Interval,
  reason: Reason,
  verdict: Verdict | null,
  evidence: string,
  next: number | null,
  { provider, now }: Asking,
): Absence => ({
  ...interval(within.from, within.to),
  reason,
  verdict,
  asked: [provider],
  attempts: 1,
  firstAsked: now,
  lastAsked: now,
  evidence,
  next,
});

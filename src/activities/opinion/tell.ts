/** What a second opinion comes to, and, when that is wanted, its commit: the newer values as a version like any other. */
import { type Bar, barAt, countOf, VALUES } from '../../model/bars.js';
import { isTapekeepError } from '../../model/errors.js';
import { interval, toSet } from '../../model/interval.js';
import { marketFor } from '../../model/market.js';
import { NO_OPINION, type OpinionFacts, type OpinionOrder, type OpinionPart, type OpinionRow } from '../../model/opinion.js';
import { plusCounts, spreadOf } from '../../model/opinion-compare.js';
import type { Series } from '../../model/series.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import type { OpinionAnswer } from './ask.js';
import type { OpinionNote } from './plan.js';

/** More than these are counted and not told. */
const MOST_ROWS = 100;

export const opinionTell =
  (house: ActivityHouse) =>
  (order: OpinionOrder, plan: string, parts: readonly OpinionPart[]): Promise<OpinionFacts> =>
    attempt(async signal => {
      const { version } = await house.store.readNote<OpinionNote>(order.id, plan);
      const answers = await answersOf(house, order, parts);
      const rows: OpinionRow[] = [];
      for (const row of answers.flatMap(a => a.rows).slice(0, MOST_ROWS)) {
        signal.throwIfAborted();
        rows.push(order.kind === 'reverify' ? { ...row, since: await sinceWhen(house, order.series, version, row.ts) } : row);
      }
      const sum = (of: (part: OpinionPart) => number) => parts.reduce((n, part) => n + of(part), 0);
      return {
        counts: parts.reduce((all, part) => plusCounts(all, part.counts), NO_OPINION),
        unanswered: sum(p => p.unanswered),
        leftOut: sum(p => p.leftOut),
        requests: sum(p => p.requests),
        price: spreadOf(answers.flatMap(a => a.price)),
        volume: spreadOf(answers.flatMap(a => a.volume)),
        rows,
        changed: answers.reduce((n, a) => n + a.news.length, 0),
      };
    });

async function answersOf({ store }: ActivityHouse, { id }: OpinionOrder, parts: readonly OpinionPart[]): Promise<OpinionAnswer[]> {
  const answers: OpinionAnswer[] = [];
  for (const { note } of parts) answers.push(await store.readNote<OpinionAnswer>(id, note));
  return answers;
}

/** The version since which a bar is what it is now, by halving; null: it is not stored, or came before what is kept. */
async function sinceWhen(house: ActivityHouse, series: Series, newest: number, ts: number): Promise<number | null> {
  const now = await storedAt(house, series, newest, ts);
  if (!now) return null;
  const first = (await house.store.history(series)).at(-1)?.version ?? newest;
  const same = async (version: number) => sameBar(await storedAt(house, series, version, ts), now);
  if (await same(first)) return first === 0 ? 0 : null;
  let [without, held] = [first, newest];
  while (held - without > 1) {
    const middle = (without + held) >> 1;
    if (await same(middle)) held = middle;
    else without = middle;
  }
  return held;
}

/** undefined: there is none, or its file is no longer kept. */
async function storedAt({ store }: ActivityHouse, series: Series, version: number, ts: number): Promise<Bar | undefined> {
  try {
    const table = await store.find(series, version);
    if (!table) return undefined;
    for await (const bars of store.bars(table, { interval: interval(ts, ts + 1) })) if (countOf(bars) > 0) return barAt(bars, 0);
    return undefined;
  } catch (error) {
    if (isTapekeepError(error, 'FILE_MISSING') || isTapekeepError(error, 'VERSION_UNKNOWN')) return undefined;
    throw error;
  }
}

const sameBar = (a: Bar | undefined, b: Bar): boolean =>
  a !== undefined && a.source === b.source && VALUES.every(name => a[name] === b[name]);

export interface OpinionMerged {
  readonly proposal: string;
  readonly replaced: number;
}

/** Only the bars that changed are put in: coverage and ledger beside them stay what they are. */
export const opinionMerge =
  (house: ActivityHouse) =>
  (order: OpinionOrder, plan: string, parts: readonly OpinionPart[]): Promise<OpinionMerged> =>
    attempt(async () => {
      const { store } = house;
      const { series, id, by } = order;
      const { provider } = await store.readNote<OpinionNote>(id, plan);
      const answers = await answersOf(house, order, parts);
      const { basis, calendar: named } = await store.open(series);
      const calendar = house.calendarOf({ series, provider, calendar: named.name });
      const proposal = await store.merge({
        series,
        basis,
        calendar: { name: calendar.name, version: calendar.version },
        load: id,
        batch: 0,
        inputs: answers.flatMap(a => a.input ?? []),
        answered: toSet(answers.flatMap(a => a.news.map(ts => interval(ts, calendar.next(ts, series.timeframe))))),
        absences: [],
        rule: 'newer',
        by,
        provider,
        requests: parts.reduce((n, part) => n + part.requests, 0),
        market: marketFor(series, calendar, house.instruments),
        reason: 'reverify',
      });
      return { proposal: await store.writeNote(id, proposal), replaced: proposal.merged.counts.replaced };
    });

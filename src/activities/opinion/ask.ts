/** One stretch of a sample: asked for, and held against what is stored. */
import { type Bars, concatBars, countOf, takeBars } from '../../model/bars.js';
import { type Calendar, countIn } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import { adjust } from '../../model/events.js';
import { type Interval, type IntervalSet, subtract, toSet } from '../../model/interval.js';
import { EXACT, type OpinionOrder, type OpinionPart, type OpinionRow } from '../../model/opinion.js';
import { type Apart, type Compared, compareBars } from '../../model/opinion-compare.js';
import { nameOf } from '../../model/series.js';
import type { Provider } from '../../providers/provider.js';
import type { Input } from '../../store/index.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { codeOf } from '../sources/health.js';
import { symbolFor } from '../sources/life.js';
import { requireWell } from '../sources/sources.js';
import type { OpinionNote } from './plan.js';

/** What a stretch leaves for the report. */
export interface OpinionAnswer {
  readonly rows: readonly OpinionRow[];
  readonly price: readonly Apart[];
  readonly volume: readonly Apart[];
  readonly leftOut: number;
  /** Bars that would be committed, staged when that is wanted. */
  readonly news: readonly number[];
  readonly input: Input | null;
}

export const opinionAsk =
  (house: ActivityHouse) =>
  (order: OpinionOrder, note: string, index: number): Promise<OpinionPart> =>
    attempt(async signal => {
      const { store, providers } = house;
      const plan = await store.readNote<OpinionNote>(order.id, note);
      const window = plan.segments[index];
      if (!window) throw fail('INTERNAL', { reason: `the sample has no stretch ${index}` });
      const provider = providers.get(plan.provider);
      const table = await store.open(order.series, plan.version);
      const calendar = house.calendarOf({ series: order.series, provider: provider.name, calendar: table.calendar.name });
      requireWell(house, { provider: provider.name, series: order.series });
      const told = await answerOf(house, order, provider, calendar, window, signal);
      const parts: Bars[] = [];
      for await (const bars of store.bars(table, { interval: window })) parts.push(bars);
      const { ours, theirs, leftOut } =
        order.kind === 'reverify'
          ? ownOnly(concatBars(parts), told.bars, provider.name)
          : { ours: concatBars(parts), theirs: told.bars, leftOut: 0 };
      const { side, factors } = plan.convert ?? { side: null, factors: [] };
      const compared = compareBars(side === 'ours' ? adjust(ours, factors) : ours, side === 'theirs' ? adjust(theirs, factors) : theirs, {
        tolerance: order.kind === 'reverify' ? EXACT : order.tolerance,
        values: plan.values,
        strict: order.kind === 'reverify',
        answered: told.answered,
      });
      const answer = await left(house, order, compared, theirs, leftOut);
      return {
        note: await store.writeNote(order.id, answer),
        counts: compared.counts,
        requests: told.requests,
        unanswered: countIn(calendar, subtract([window], told.answered), order.series.timeframe),
        leftOut,
      };
    });

async function left(
  { store }: ActivityHouse,
  order: OpinionOrder,
  compared: Compared,
  theirs: Bars,
  leftOut: number,
): Promise<OpinionAnswer> {
  const { rows, price, volume } = compared;
  const news = takeBars(theirs, compared.news);
  const input = order.take && countOf(news) > 0 ? await store.stageBars(order.id, [news]) : null;
  return { rows, price, volume, leftOut, news: [...news.ts], input };
}

interface Told {
  readonly bars: Bars;
  readonly answered: IntervalSet;
  readonly requests: number;
}

/** In time order. A part of the stretch that failed or came too early is not answered. */
async function answerOf(
  house: ActivityHouse,
  { series }: OpinionOrder,
  provider: Provider,
  calendar: Calendar,
  window: Interval,
  signal: AbortSignal,
): Promise<Told> {
  const parts: Bars[] = [];
  const answered: Interval[] = [];
  let requests = 0;
  let begun = performance.now();
  const symbol = symbolFor(house, { series, provider: provider.name });
  try {
    for await (const page of provider.pages({ symbol, timeframe: series.timeframe, interval: window, calendar }, null, signal)) {
      house.health.note(provider.name, true, performance.now() - begun);
      if (page.next !== null && ++requests > MOST_PAGES)
        throw fail('NO_PROGRESS', { provider: provider.name, series: nameOf(series), at: page.next });
      if (page.verdict === null || page.verdict === 'empty') answered.push(page.answered);
      if (countOf(page.bars) > 0) parts.push(page.bars);
      begun = performance.now();
    }
  } catch (error) {
    if (!signal.aborted) house.health.note(provider.name, false, performance.now() - begun, codeOf(error));
    throw error;
  }
  return { bars: inOrder(concatBars(parts)), answered: toSet(answered), requests: requests + 1 };
}

/** A stretch is sized for one page; a source that cuts it smaller is asked on, but not for ever. */
const MOST_PAGES = 100;

const inOrder = (bars: Bars): Bars =>
  takeBars(
    bars,
    Uint32Array.from(bars.ts.keys()).sort((a, b) => (bars.ts[a] as number) - (bars.ts[b] as number)),
  );

/** A source can only have revised its own bars: those of others, and what a person corrected, are left out on both sides. */
function ownOnly(ours: Bars, theirs: Bars, name: string): { ours: Bars; theirs: Bars; leftOut: number } {
  const own: number[] = [];
  const others = new Set<number>();
  ours.ts.forEach((ts, i) => {
    if (ours.sources[ours.source[i] as number] === name) own.push(i);
    else others.add(ts);
  });
  if (others.size === 0) return { ours, theirs, leftOut: 0 };
  const news = Array.from(theirs.ts.keys()).filter(i => !others.has(theirs.ts[i] as number));
  return { ours: takeBars(ours, own), theirs: takeBars(theirs, news), leftOut: others.size };
}

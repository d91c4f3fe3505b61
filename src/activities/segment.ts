import { countIn } from '../model/calendar.js';
import type { IntervalSet } from '../model/interval.js';
import type { BatchPlan, LoadOrder, Note, PlanFacts } from '../model/load.js';
import { planSegments, type Segment } from '../model/segments.js';
import { attempt } from './attempt.js';
import type { Missing } from './gaps.js';
import type { ActivityHouse } from './house.js';
import type { Listed } from './sources/life.js';

/** What the plan's note holds. */
export interface Plan {
  readonly segments: readonly Segment[];
  readonly unreachable: IntervalSet;
  /** Where the symbol was not traded. */
  readonly outside: IntervalSet;
  readonly listing: Listed;
}

/** Cuts the gaps into segments of a bounded number of requests, and the segments into batches that are committed one by one. */
export const segment =
  (house: ActivityHouse) =>
  (order: LoadOrder, gaps: Note): Promise<PlanFacts> =>
    attempt(async () => {
      const { serves } = house.providers.get(order.provider);
      const calendar = house.calendarOf(order);
      const { inside, outside, listing } = await house.store.readNote<Missing>(order.load, gaps);
      const cut = { pagesPerSegment: house.pagesPerSegment, order: order.tuning.first };
      const plan = planSegments(inside, serves, order.series.timeframe, calendar, house.now(), cut);
      if (plan.segments.length > 0) house.store.getReady();
      const note: Plan = { segments: plan.segments, unreachable: plan.unreachable, outside, listing };
      return {
        note: await house.store.writeNote(order.load, note),
        segments: plan.segments.length,
        requests: plan.requests,
        bars: plan.bars,
        batches: batchesOf(
          plan.segments,
          order.reload ? Number.POSITIVE_INFINITY : order.tuning.batchBars,
          plan.unreachable.length + outside.length > 0,
        ),
        unreachable: countIn(calendar, plan.unreachable, order.series.timeframe),
        limit: { perSecond: serves.requestsPerSecond, perDay: serves.requestsPerDay ?? null },
      };
    });

/** So many activities fit into one run of a workflow, with room to spare. */
const MOST_SEGMENTS = 500;

function batchesOf(segments: readonly Segment[], most: number, evenWithout: boolean): BatchPlan[] {
  const batches: BatchPlan[] = [];
  for (const { index, bars, pages } of segments) {
    const last = batches.at(-1);
    if (last && last.bars + bars <= most && (most === Number.POSITIVE_INFINITY || index - last.first < MOST_SEGMENTS)) {
      batches[batches.length - 1] = { first: last.first, end: index + 1, bars: last.bars + bars, pages: last.pages + pages };
    } else batches.push({ first: index, end: index + 1, bars, pages });
  }
  return batches.length === 0 && evenWithout ? [{ first: 0, end: 0, bars: 0, pages: 0 }] : batches;
}

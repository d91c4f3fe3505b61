/**
 * A source that is asked page after page from old to new: this walks the ask, and the source's own file answers for one
 * page. What is told of a symbol is asked once.
 */
import { fail } from '../model/errors.js';
import { wantedFor } from './answer.js';
import { finalIn, knownPage, lifeEndOf } from './known.js';
import type { Ask, Listing, Page, Provider, Serves, World } from './provider.js';
import { type Step, stepOf } from './step.js';

/** The stretch that one request or a few are made for: nothing of it is known, all of it is final. */
export interface Place extends Step {
  readonly ask: Ask;
  /** Where to end at the latest: with the ask, or with the last bar that is final. */
  readonly end: number;
  readonly now: number;
  /** Nothing later has to be asked for: where a market is closed, the end may well lie in the future. */
  readonly settled: number;
  /** For messages. */
  readonly series: string;
}

export interface Paged {
  readonly name: string;
  readonly serves: Serves;
  listing(symbol: string, signal: AbortSignal): Promise<Listing>;
  page(place: Place, signal: AbortSignal): Promise<Page>;
}

export function pagedProvider({ name, serves, listing: told, page }: Paged, world: World): Provider {
  const listings = new Map<string, Listing>();
  const listing = async (symbol: string, signal: AbortSignal): Promise<Listing> => {
    const known = listings.get(symbol) ?? (await told(symbol, signal));
    listings.set(symbol, known);
    return known;
  };
  const pageAt = async (ask: Ask, step: Step, signal: AbortSignal): Promise<Page> => {
    const series = `${ask.symbol} ${ask.timeframe}`;
    const life = await wantedFor(series, listing(ask.symbol, signal));
    const now = world.now();
    const known = knownPage(step.at, ask, serves, now, life);
    if (known) return known;
    const end = step.end ?? Math.min(ask.interval.to, finalIn(ask, serves.settleMs, now), lifeEndOf(ask, life));
    return page({ ...step, ask, end, now, settled: now - serves.settleMs, series }, signal);
  };
  return {
    name,
    serves,
    listing,
    async *pages(ask, from, signal) {
      if (!serves.timeframes.includes(ask.timeframe)) throw fail('TIMEFRAME_NOT_SERVED', { provider: name, timeframe: ask.timeframe });
      for (let step: Step | undefined = stepOf(name, ask, from); step; ) {
        signal.throwIfAborted();
        const page = await pageAt(ask, step, signal);
        yield page;
        step = page.next === null ? undefined : stepOf(name, ask, page.next);
      }
    },
  };
}

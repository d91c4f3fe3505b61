/** Bars that are made of those of a table, as an input for the merge into another one. */
import { hull, type Interval, interval, toSet } from '../model/interval.js';
import type { Market } from '../model/market.js';
import { DAY, type Timeframe } from '../model/timeframe.js';
import type { Derived } from './frames/jobs.js';
import { folderOfLoad, type House } from './house.js';
import { held } from './proposal.js';
import type { Table } from './table.js';

export interface DeriveWish {
  /** Whose staging the raw file goes to. */
  readonly load: string;
  readonly timeframe: Timeframe;
  /** Stretches of stamps in which every bar is complete, in order. */
  readonly windows: readonly Interval[];
  readonly market: Market;
}

/** A bar's own bars are never further from its stamp than this, its length apart. */
const REACH = 3 * DAY;

export async function deriveBars(house: House, base: Table, { load, timeframe, windows, market }: DeriveWish): Promise<Derived> {
  const whole = hull(toSet(windows)) ?? interval(0, 0);
  const files = [...base.snapshot.files.values()]
    .filter(f => f.first < whole.to + REACH && f.last >= whole.from - REACH)
    .sort((a, b) => a.first - b.first);
  const near = interval(whole.from - REACH, whole.to + REACH);
  const { coverage, ledger } = base.holdings;
  return house.frames.derive({
    files: await Promise.all(files.map(file => held(house, base, file))),
    market,
    from: base.series.timeframe,
    timeframe,
    base: { coverage, ledger: ledger.filter(a => a.from < near.to && a.to > near.from) },
    windows,
    outFolder: folderOfLoad(house.folders.raw, load),
  });
}

/** Yahoo divides all prices before a split by it, as of the day of the download. Here they are taken back to what was traded. */
import { DAY } from '../../model/timeframe.js';
import type { Chart, Split } from './chart.js';
import { decimalOf } from './decimals.js';

/** By how much a price of this time was divided: the product of all later splits. */
export function ratioAt(splits: readonly Split[], stamp: number): number {
  let ratio = 1;
  for (const split of splits) if (stamp < split.at) ratio *= split.ratio;
  return ratio;
}

export interface Traded {
  readonly chart: Chart;
  /** Rows of which a price cannot be taken back exactly: they are without any price now. */
  readonly lost: readonly number[];
}

/** The chart with prices and volumes as they were traded. */
export function traded(chart: Chart, splits: readonly Split[]): Traded {
  const ratios = chart.stamps.map(stamp => ratioAt(splits, stamp));
  const price = (column: Float64Array) => column.map((sent, i) => (Number.isNaN(sent) ? sent : decimalOf(sent, ratios[i] as number)));
  const prices = { open: price(chart.open), high: price(chart.high), low: price(chart.low), close: price(chart.close) };
  const columns = Object.entries(prices);
  const lost = [...ratios.keys()].filter(i =>
    columns.some(([name, column]) => Number.isNaN(column[i]) && !Number.isNaN(chart[name as keyof typeof prices][i])),
  );
  for (const i of lost) for (const [, column] of columns) column[i] = Number.NaN;
  // Whole shares of today's count: through a reverse split the volume comes back to within one of them.
  const volume = chart.volume.map((sent, i) => (ratios[i] === 1 ? sent : Math.round(sent / (ratios[i] as number))));
  return { chart: { ...chart, ...prices, volume }, lost };
}

/** For about a day nobody can tell which answers are divided by a new split already. */
const UNSURE = DAY;

/** The last split whose division cannot be relied on: it is too young, or the prices jump by it as if they were not divided. */
export const doubtfulSplit = (chart: Chart, splits: readonly Split[], now: number): Split | undefined =>
  splits.findLast(split => now - split.at < UNSURE || jumps(chart, split));

function jumps({ stamps, close, open }: Chart, { at, ratio }: Split): boolean {
  const after = stamps.findIndex((stamp, i) => stamp >= at && (open[i] as number) > 0);
  const before = stamps.findLastIndex((stamp, i) => stamp < at && (close[i] as number) > 0);
  if (after < 0 || before < 0) return false;
  const change = Math.log((open[after] as number) / (close[before] as number));
  return Math.abs(change + Math.log(ratio)) < Math.abs(change);
}

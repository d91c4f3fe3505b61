/** Jumps from one session to the next by just the ratio of a split or a mixed-up unit. They are pointed out, never mended here. */
import type { Bars } from '../bars.js';
import { type KnownRatio, knownRatio } from '../ratios.js';
import { DAY, nominalMs, type Timeframe } from '../timeframe.js';
import type { Cells } from './cells.js';
import { add, type Tally } from './counts.js';
import { medianOf } from './median.js';

const TOLERANCE = 0.02;
/** Sessions that lie further apart have time for any change. */
const FAR_APART = 15 * DAY;
/** A split of n for one multiplies the shares that change hands by n; a crash multiplies them by much more. */
const NEWS = 3;
const SESSIONS_FOR_VOLUME = 5;

export interface JumpFacts {
  readonly timeframe: Timeframe;
  readonly statesVolume: boolean;
  /** Sessions whose jump is explained: a corporate action, or somebody looked. */
  readonly explained: readonly number[];
}

/** A session with rows in it. */
interface Held {
  readonly cell: number;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
}

export function tallyJumps(bars: Bars, cellOf: Int32Array, cells: Cells, facts: JumpFacts, tally: Tally): void {
  const held = heldCells(bars, cellOf);
  const apart = Math.max(FAR_APART, 2 * nominalMs(facts.timeframe));
  held.forEach((own, k) => {
    const before = held[k - 1];
    if (!before || (cells.dates[own.cell] as number) - (cells.dates[before.cell] as number) > apart) return;
    const jump = knownRatio(own.open / before.close, TOLERANCE);
    if (
      !jump ||
      facts.explained.includes(cells.dates[own.cell] as number) ||
      !stays(jump, held.slice(Math.max(0, k - 2), k), own, held[k + 1])
    )
      return;
    add(tally.jumps, own.cell);
    if (facts.statesVolume && isNews(jump, own, held.slice(Math.max(0, k - SESSIONS_FOR_VOLUME), k))) add(tally.newsJumps, own.cell);
  });
}

function heldCells({ open, close, volume }: Bars, cellOf: Int32Array): Held[] {
  const held: Held[] = [];
  for (let i = 0; i < cellOf.length; ) {
    const cell = cellOf[i] as number;
    const first = Number.isNaN(open[i]) ? (close[i] as number) : (open[i] as number);
    let sum = 0;
    for (; i < cellOf.length && cellOf[i] === cell; i++) sum += volume[i] as number;
    held.push({ cell, open: first, close: close[i - 1] as number, volume: sum });
  }
  return held;
}

/** The new level holds to the session's end; a split's to the end of the next, and it is no way back from a session that was astray. */
function stays({ ratio, kind }: KnownRatio, earlier: readonly Held[], own: Held, after: Held | undefined): boolean {
  const before = earlier.at(-1) as Held;
  const near = (price: number) => Math.abs(Math.log(price / before.close / ratio)) < Math.abs(Math.log(ratio)) / 2;
  if (kind === 'unit') return near(own.close);
  const isWayBack = earlier.length > 1 && near((earlier[0] as Held).close);
  return near(own.close) && !isWayBack && (after === undefined || near(after.close));
}

/** Many more shares than a split explains. A unit error has no news. */
function isNews({ ratio, kind }: KnownRatio, own: Held, before: readonly Held[]): boolean {
  const usual = medianOf(
    Float64Array.from(before, b => b.volume),
    before.length,
  );
  return kind === 'split' && usual > 0 && own.volume > NEWS * Math.max(1, 1 / ratio) * usual;
}

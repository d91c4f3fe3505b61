/**
 * Bars made into coarser ones: the first open, the highest high, the lowest low, the last close, and the sums of volume,
 * turnover and trades. A value that one of its bars does not state is not stated; no bar is made of nothing.
 */
import { type Bars, countOf, emptyBars, sliceBars } from './bars.js';
import type { Slots } from './slots.js';

export interface Coarser {
  /** In the order of time. Of each, which finer bars it was made of: from `first[i]` to `first[i + 1]`, those of no slot apart. */
  readonly bars: Bars;
  readonly first: Int32Array;
  /** Finer bars that lie in no slot: outside of every session. They are in no bar. */
  readonly outside: number;
}

/** `bars` in the order of time, each `ts` once. */
export function resample(bars: Bars, slots: Slots): Coarser {
  const n = countOf(bars);
  const out = emptyBars(Math.min(n, slots.stamp.length));
  const first = new Int32Array(countOf(out) + 1);
  const names = new Names(bars.sources);
  let made = 0;
  let outside = 0;
  let s = 0;
  for (let i = 0; i < n; i++) {
    const ts = bars.ts[i] as number;
    while (s < slots.to.length && (slots.to[s] as number) <= ts) s++;
    if (s === slots.to.length || ts < (slots.from[s] as number)) {
      outside++;
      continue;
    }
    const stamp = slots.stamp[s] as number;
    const source = bars.source[i] as number;
    if (made > 0 && out.ts[made - 1] === stamp) {
      addTo(out, made - 1, bars, i);
      out.source[made - 1] = names.both(out.source[made - 1] as number, source);
    } else {
      first[made] = i;
      begin(out, made, stamp, bars, i);
      out.source[made] = source;
      made++;
    }
  }
  first[made] = n;
  return { bars: sliceBars({ ...out, sources: names.all }, 0, made), first: first.subarray(0, made + 1), outside };
}

function begin(out: Bars, at: number, stamp: number, bars: Bars, i: number): void {
  out.ts[at] = stamp;
  out.open[at] = bars.open[i] as number;
  out.high[at] = bars.high[i] as number;
  out.low[at] = bars.low[i] as number;
  out.close[at] = bars.close[i] as number;
  out.volume[at] = bars.volume[i] as number;
  out.turnover[at] = bars.turnover[i] as number;
  out.trades[at] = bars.trades[i] as number;
}

/** What is not stated is NaN, and NaN stays through all of this. */
function addTo(out: Bars, at: number, bars: Bars, i: number): void {
  out.high[at] = Math.max(out.high[at] as number, bars.high[i] as number);
  out.low[at] = Math.min(out.low[at] as number, bars.low[i] as number);
  out.close[at] = bars.close[i] as number;
  out.volume[at] = (out.volume[at] as number) + (bars.volume[i] as number);
  out.turnover[at] = (out.turnover[at] as number) + (bars.turnover[i] as number);
  out.trades[at] = (out.trades[at] as number) + (bars.trades[i] as number);
}

/** Who said so. A bar made of bars of several sources names them all, in the order in which they came. */
class Names {
  readonly all: string[];
  private readonly parts: number[][];
  private readonly own: number;
  private readonly known = new Map<number, number>();

  constructor(sources: readonly string[]) {
    this.all = [...sources];
    this.own = sources.length;
    this.parts = sources.map((_, i) => [i]);
  }

  both(a: number, b: number): number {
    if (a === b) return a;
    const key = a * 65_536 + b;
    const known = this.known.get(key) ?? this.joined(a, b);
    this.known.set(key, known);
    return known;
  }

  private joined(a: number, b: number): number {
    const parts = this.parts[a] as number[];
    if (parts.includes(b)) return a;
    const name = [...parts, b].map(i => this.all[i]).join('+');
    const there = this.all.indexOf(name, this.own);
    if (there >= 0) return there;
    this.parts.push([...parts, b]);
    return this.all.push(name) - 1;
  }
}

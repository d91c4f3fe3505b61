/** The arithmetic of a merge, on columns: order, doubles, and which of two bars stays. */
import { type Bars, countOf, sliceBars, takeBars, VALUES } from '../../model/bars.js';
import { isRising } from '../../model/bisect.js';

/** Which of two unequal bars with one `ts` stays: the newer, the one that is there, or the one of the source named first. */
export type Rule = 'newer' | 'keep' | { readonly rank: readonly string[] };

export function prefersNew(rule: Rule, newer: string, older: string): boolean {
  if (rule === 'newer') return true;
  if (rule === 'keep') return false;
  const place = (source: string) => (rule.rank.includes(source) ? rule.rank.indexOf(source) : rule.rank.length);
  return place(newer) <= place(older);
}

/** Equal in all that was said; who said it does not count. */
export function sameBar(a: Bars, i: number, b: Bars, j: number): boolean {
  for (const value of VALUES) {
    const x = a[value][i] as number;
    const y = b[value][j] as number;
    if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
  }
  return true;
}

const sourceAt = (bars: Bars, i: number): string => bars.sources[bars.source[i] as number] as string;

export interface Ordered {
  readonly bars: Bars;
  /** Doubles that said the same, and doubles that did not. */
  readonly equal: number;
  readonly unequal: number;
  /** Rows, as they came, of doubles that lost. */
  readonly lost: readonly number[];
}

/** Bars in arrival order, brought into time order with one bar for each `ts`. Bars that are in order are not copied. */
export function inOrder(bars: Bars, rule: Rule): Ordered {
  if (isRising(bars.ts)) return { bars, equal: 0, unequal: 0, lost: [] };
  const order = Uint32Array.from(bars.ts.keys()).sort((a, b) => (bars.ts[a] as number) - (bars.ts[b] as number) || a - b);
  const kept: number[] = [];
  const lost: number[] = [];
  let equal = 0;
  let unequal = 0;
  for (const row of order) {
    const last = kept.at(-1);
    if (last === undefined || bars.ts[last] !== bars.ts[row]) kept.push(row);
    else if (sameBar(bars, last, bars, row)) equal++;
    else {
      unequal++;
      const wins = prefersNew(rule, sourceAt(bars, row), sourceAt(bars, last));
      lost.push(wins ? last : row);
      if (wins) kept[kept.length - 1] = row;
    }
  }
  return { bars: takeBars(bars, kept), equal, unequal, lost };
}

export interface Meeting {
  /** Rows of `news` that the table lacks. */
  readonly added: number[];
  /** Rows of `news` that take the place of a bar, and the rows they replace. */
  readonly replacing: readonly { readonly row: number; readonly over: number }[];
  readonly unchanged: number;
  /** Rows of `news` that say otherwise, and the bar that is there stays. */
  readonly kept: readonly number[];
}

/** New bars against those of one file; both in time order. `open` holds the rows of `news` not yet met in other files. */
export function meet(news: Bars, open: readonly number[], there: Bars, rule: Rule): Meeting {
  const added: number[] = [];
  const replacing: { row: number; over: number }[] = [];
  let unchanged = 0;
  const kept: number[] = [];
  let j = 0;
  for (const row of open) {
    const ts = news.ts[row] as number;
    while (j < there.ts.length && (there.ts[j] as number) < ts) j++;
    if (there.ts[j] !== ts) added.push(row);
    else if (sameBar(news, row, there, j)) unchanged++;
    else if (prefersNew(rule, sourceAt(news, row), sourceAt(there, j))) replacing.push({ row, over: j });
    else kept.push(row);
  }
  return { added, replacing, unchanged, kept };
}

/** The bars of a file with some of them replaced. */
export function withReplaced(there: Bars, news: Bars, replacing: Meeting['replacing']): Bars {
  const sources = [...new Set([...there.sources, ...news.sources])];
  const out = takeBars({ ...there, sources }, Uint32Array.from(there.ts.keys()));
  for (const { row, over } of replacing) {
    for (const value of VALUES) out[value][over] = news[value][row] as number;
    out.source[over] = sources.indexOf(sourceAt(news, row));
  }
  return out;
}

/** Bars in runs of at most `most`, as views. */
export function* inRuns(bars: Bars, most: number): Generator<Bars> {
  for (let start = 0; start < countOf(bars); start += most) yield sliceBars(bars, start, Math.min(start + most, countOf(bars)));
}

/** Several things that befall one file: every two of them meet in some file, and every one meets every kind, in as few files as that takes. */
import { KINDS, type Kind } from './kinds.js';
import { SPOILS, type Spoil } from './spoils.js';

/** What excludes each other, for a file is in one order, of one encoding and has one delimiter; in the order in which it befalls a file. */
const FACTORS: readonly (readonly string[])[] = [
  ['the day clocks are set forward', 'the day clocks are set back'],
  ['commas and points swapped', 'thousands marks', 'apostrophes for thousands'],
  ['no order', 'the other way round'],
  ['another delimiter', 'tabs', 'quotes around everything', 'a delimiter behind each row', 'a note of two lines in quotes'],
  [
    'a price below zero',
    'a close that is NaN',
    'no volume',
    'a word for a number',
    'no time',
    'a field more',
    'a field less',
    'a row twice',
  ],
  [
    'a heading in the middle',
    'a heading twice',
    'a title above',
    'a comment in the middle',
    'a line of totals',
    'a line of blanks',
    'empty lines at the end',
    'NUL at the end',
    'no line end at the end',
  ],
  ['.gz', '.zip', 'a byte order mark', 'UTF-16 LE', 'UTF-16 BE, no mark', 'CR', 'CR LF', 'mixed line ends'],
];

/** One of each factor; none of one, too. The last is the kind. */
const LEVELS: readonly number[] = [...FACTORS.map(names => names.length + 1), KINDS.length];

export interface Several {
  readonly kind: Kind;
  readonly spoil: Spoil;
}

/** All files, the same ones each time. */
export const PAIRS: readonly Several[] = coveringRows(LEVELS).map(row => {
  const kind = KINDS[row.at(-1) as number] as Kind;
  const names = FACTORS.flatMap((factor, f) => factor[(row[f] as number) - 1] ?? []);
  const parts = names.map(name => SPOILS.find(spoil => spoil.name === name) as Spoil).filter(spoil => !spoil.not?.(kind));
  return { kind, spoil: together(parts) };
});

function together(parts: readonly Spoil[]): Spoil {
  const [bytes, ending] = [parts.find(part => part.bytes)?.bytes, parts.find(part => part.ending)?.ending];
  return {
    name: parts.map(({ name }) => name).join(', '),
    sheet: (sheet, kind) => parts.reduce((so, part) => part.sheet?.(so, kind) ?? so, sheet),
    text: text => parts.reduce((so, part) => part.text?.(so) ?? so, text),
    ...(bytes && { bytes }),
    ...(ending && { ending }),
    ...(parts.some(({ other }) => other) && { other: true }),
  };
}

/** Rows of levels in which every two levels of two factors stand together: each row begins with a pair that is missing and takes what covers the most. */
function coveringRows(levels: readonly number[]): number[][] {
  const keyOf = (f: number, a: number, g: number, b: number): string => (f < g ? `${f}.${a} ${g}.${b}` : `${g}.${b} ${f}.${a}`);
  const missing = new Map<string, readonly [f: number, a: number, g: number, b: number]>();
  for (const [f, many] of levels.entries())
    for (let g = f + 1; g < levels.length; g++)
      for (let a = 0; a < many; a++) for (let b = 0; b < (levels[g] as number); b++) missing.set(keyOf(f, a, g, b), [f, a, g, b]);
  const rows: number[][] = [];
  for (let first = missing.values().next().value; first; first = missing.values().next().value) {
    const [f, a, g, b] = first;
    const row = new Map([
      [f, a],
      [g, b],
    ]);
    for (const [h, many] of levels.entries()) {
      if (row.has(h)) continue;
      const gain = (level: number): number => [...row].filter(([f, a]) => missing.has(keyOf(f, a, h, level))).length;
      const gains = Array.from({ length: many }, (_, i) => (i + rows.length) % many).map(level => [level, gain(level)] as const);
      row.set(h, gains.reduce((best, next) => (next[1] > best[1] ? next : best))[0]);
    }
    for (const [f, a] of row) for (const [g, b] of row) missing.delete(keyOf(f, a, g, b));
    rows.push(levels.map((_, h) => row.get(h) as number));
  }
  return rows;
}

/** The rows in which two versions of a table differ, in the memory of a few stretches: files that both name are passed by. */
import { type Bar, type Bars, barAt, countOf, VALUES } from '../model/bars.js';
import type { House } from './house.js';
import type { TableFile } from './log/snapshot.js';
import { EVER, stretches } from './stretches.js';
import type { Table } from './table.js';

export interface Difference {
  readonly ts: number;
  /** null: the bar is not in that version. */
  readonly before: Bar | null;
  readonly after: Bar | null;
}

export interface DifferenceCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** A stretch of both versions, and which of its rows differ. */
interface Compared {
  readonly before: Bars;
  readonly after: Bars;
  readonly added: readonly number[];
  readonly removed: readonly number[];
  /** Row of the one, row of the other. */
  readonly changed: readonly (readonly [number, number])[];
}

/** In time order, some at a time. */
export async function* differences(house: House, before: Table, after: Table): AsyncGenerator<Difference[]> {
  for await (const part of compared(house, before, after)) {
    const found: Difference[] = [
      ...part.removed.map(i => ({ ts: part.before.ts[i] as number, before: barAt(part.before, i), after: null })),
      ...part.added.map(j => ({ ts: part.after.ts[j] as number, before: null, after: barAt(part.after, j) })),
      ...part.changed.map(([i, j]) => ({ ts: part.after.ts[j] as number, before: barAt(part.before, i), after: barAt(part.after, j) })),
    ];
    if (found.length > 0) yield found.sort((a, b) => a.ts - b.ts);
  }
}

export async function countDifferences(house: House, before: Table, after: Table): Promise<DifferenceCounts> {
  const counts = { added: 0, removed: 0, changed: 0 };
  for await (const { added, removed, changed } of compared(house, before, after)) {
    counts.added += added.length;
    counts.removed += removed.length;
    counts.changed += changed.length;
  }
  return counts;
}

async function* compared(house: House, before: Table, after: Table): AsyncGenerator<Compared> {
  const { readTable } = await import('./read.js');
  const { barsOf } = await import('./frames/frame.js');
  const [one, other] = [onlyIn(before, after), onlyIn(after, before)];
  const files = [one, other].flatMap(table => [...table.snapshot.files.values()]);
  if (files.length === 0) return;
  for (const interval of stretches(files, EVER)) {
    const [a, b] = [barsOf(await readTable(house, one, { interval })), barsOf(await readTable(house, other, { interval }))];
    yield compare(a, b);
  }
}

/** The table with only those files that the other does not name. */
function onlyIn(table: Table, other: Table): Table {
  const files = new Map<string, TableFile>();
  for (const [path, file] of table.snapshot.files) if (!other.snapshot.files.has(path)) files.set(path, file);
  return { ...table, snapshot: { ...table.snapshot, files } };
}

function compare(before: Bars, after: Bars): Compared {
  const added: number[] = [];
  const removed: number[] = [];
  const changed: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < countOf(before) || j < countOf(after)) {
    const a = before.ts[i] ?? Number.POSITIVE_INFINITY;
    const b = after.ts[j] ?? Number.POSITIVE_INFINITY;
    if (a < b) removed.push(i++);
    else if (b < a) added.push(j++);
    else {
      if (!sameRow(before, i, after, j)) changed.push([i, j]);
      i++;
      j++;
    }
  }
  return { before, after, added, removed, changed };
}

/** To the last bit, and by the same source. */
const sameRow = (a: Bars, i: number, b: Bars, j: number): boolean =>
  VALUES.every(value => Object.is(a[value][i], b[value][j])) && a.sources[a.source[i] as number] === b.sources[b.source[j] as number];

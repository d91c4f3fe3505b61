/** The bars themselves: two readers of Parquet agree on every file, and log, coverage and ledger say what is there. */
import { type Bars, countOf, VALUES } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { type Calendar, countIn } from '../../model/calendar.js';
import { contains, hull, type IntervalSet, subtract, toSet } from '../../model/interval.js';
import { idOf } from '../../model/series.js';
import { readSealed } from '../frames/files.js';
import type { House } from '../house.js';
import type { TableFile } from '../log/snapshot.js';
import { held } from '../proposal.js';
import type { Table } from '../table.js';
import type { Flaw, FlawKind } from './flaws.js';

/** `files` have been found whole before. Without a calendar nobody can say what is expected. */
export async function seeBars(
  house: House,
  table: Table,
  files: readonly TableFile[],
  calendar: Calendar | undefined,
): Promise<{ rows: number; flaws: Flaw[] }> {
  const { readBars } = await import('../frames/parquet.js');
  const { barsOf } = await import('../frames/frame.js');
  const { readFrame } = await import('../frames/read-frame.js');
  const flaws: Flaw[] = [];
  const counter = calendar && accountOf(table);
  let rows = 0;
  let open: { path: string; ts: Float64Array }[] = [];
  for (const file of [...files].sort((a, b) => a.first - b.first)) {
    const path = `${idOf(table.series)}/${file.path}`;
    const flaw = (kind: FlawKind, says: string) => flaws.push({ kind, file: path, says });
    const bytes = await readSealed(house.io, await held(house, table, file));
    let bars: Bars;
    try {
      bars = readBars(bytes);
      const other = barsOf(readFrame(bytes));
      const differs = differenceOf(bars, other);
      if (differs) flaw('readers_differ', differs);
    } catch (error) {
      flaw('unreadable', (error as Error).message);
      continue;
    }
    const { ts } = bars;
    rows += ts.length;
    if (!isRising(ts)) flaw('disorder', 'its bars are not in time order, each once');
    else if (ts.length !== file.rows || ts[0] !== file.first || ts.at(-1) !== file.last)
      flaw(
        'stats_wrong',
        `it holds ${ts.length} bars from ${stamp(ts[0])} to ${stamp(ts.at(-1))}; the log says ${file.rows} from ${stamp(file.first)} to ${stamp(file.last)}`,
      );
    const outside = ts.findIndex(at => !contains(table.holdings.coverage, at));
    if (outside >= 0) flaw('outside_coverage', `bar ${stamp(ts[outside])} lies where nothing was asked for`);
    open = open.filter(other => (other.ts.at(-1) as number) >= (ts[0] as number));
    for (const other of open) {
      const both = firstInBoth(other.ts, ts);
      if (both !== undefined) flaw('twice', `bar ${stamp(both)} is in ${other.path}, too`);
    }
    open.push({ path, ts });
    counter?.count(ts);
  }
  if (calendar && counter && flaws.length === 0) flaws.push(...counter.flaws(calendar));
  return { rows, flaws };
}

/** Expected bars that no answer explains, counted where nothing is known to be absent. */
function accountOf({ holdings, series }: Table) {
  const absent = toSet(holdings.ledger.filter(a => a.reason !== 'may_change'));
  const told: IntervalSet = subtract(holdings.coverage, absent);
  let there = 0;
  return {
    count(ts: Float64Array): void {
      for (const { from, to } of told) there += lowerBound(ts, to) - lowerBound(ts, from);
    },
    flaws(calendar: Calendar): Flaw[] {
      const lacking = countIn(calendar, told, series.timeframe) - there;
      const span = hull(told);
      if (lacking <= 0 || !span) return [];
      return [
        {
          kind: 'unaccounted',
          file: null,
          says: `${lacking} expected bars from ${stamp(span.from)} to ${stamp(span.to)} are neither there nor known to be absent`,
        },
      ];
    },
  };
}

function differenceOf(a: Bars, b: Bars): string | undefined {
  if (countOf(a) !== countOf(b)) return `one reader finds ${countOf(a)} bars, another ${countOf(b)}`;
  for (const column of ['ts', ...VALUES] as const) {
    const [x, y] = [a[column], b[column]];
    for (let i = 0; i < x.length; i++) if (!Object.is(x[i], y[i])) return `two readers find another ${column} in row ${i}`;
  }
  for (let i = 0; i < a.source.length; i++)
    if (a.sources[a.source[i] as number] !== b.sources[b.source[i] as number]) return `two readers find another source in row ${i}`;
  return undefined;
}

function isRising(ts: Float64Array): boolean {
  for (let i = 1; i < ts.length; i++) if (!((ts[i] as number) > (ts[i - 1] as number))) return false;
  return true;
}

function firstInBoth(a: Float64Array, b: Float64Array): number | undefined {
  let i = lowerBound(a, b[0] as number);
  let j = 0;
  while (i < a.length && j < b.length) {
    const d = (a[i] as number) - (b[j] as number);
    if (d === 0) return a[i];
    if (d < 0) i++;
    else j++;
  }
  return undefined;
}

const stamp = (at: number | undefined): string => (at === undefined || Number.isNaN(at) ? 'nothing' : new Date(at).toISOString());

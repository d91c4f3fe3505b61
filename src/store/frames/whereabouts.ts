/** Where in somebody's file a bar stood that was set aside: looked up for those few, never carried along with all. */
import { type Bars, VALUES, type Value } from '../../model/bars.js';
import type { Io } from '../io.js';
import { readSealed } from './files.js';
import type { Input, MergeJob, QuarantinedBar } from './jobs.js';

/** Bars of one input with the lines that they stood on. */
export interface Lined {
  readonly bars: Bars;
  readonly lines: (row: number) => number;
}

/** Lines follow each other, or lie in a file beside the bars. */
export async function linesOf(io: Io, lines: NonNullable<Input['lines']>): Promise<(row: number) => number> {
  if ('from' in lines) return row => lines.from + row;
  const bytes = await readSealed(io, lines);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return row => view.getFloat64(8 * row, true);
}

/** The same bars, each with its line, and the column that is to blame where one is. */
export function withWhereabouts(aside: readonly QuarantinedBar[], came: readonly Lined[], columns: Columns): QuarantinedBar[] {
  const open = new Map<number, number[]>();
  aside.forEach(({ ts }, i) => {
    open.set(ts, [...(open.get(ts) ?? []), i]);
  });
  const found = [...aside];
  for (const { bars, lines } of came) {
    for (let row = 0; row < bars.ts.length; row++) {
      const places = open.get(bars.ts[row] as number);
      const place = places?.findIndex(i => isSame(aside[i] as QuarantinedBar, bars, row)) ?? -1;
      if (!places || place < 0) continue;
      const [i] = places.splice(place, 1) as [number];
      const bar = aside[i] as QuarantinedBar;
      const column = columns[blamed(bar)];
      const where = `line ${lines(row)}${column === undefined ? '' : `, column ${column}`}`;
      found[i] = { ...bar, says: `${where}: ${bar.says}`, of: { line: lines(row), column: column ?? 0 } };
    }
  }
  return found;
}

type Columns = NonNullable<NonNullable<MergeJob['everyRow']>['columns']>;

const isSame = ({ values }: QuarantinedBar, bars: Bars, row: number): boolean =>
  VALUES.every((value, i) => {
    const stated = bars[value][row] as number;
    return Number.isFinite(stated) ? values[i] === stated : typeof values[i] !== 'number';
  });

/** The first value that cannot be right; of a bar that is at odds with another, its time. */
function blamed({ reason, values }: QuarantinedBar): 'ts' | Value {
  if (reason !== 'nonsense') return 'ts';
  const [open, high, low, close, volume] = values.map(Number) as [number, number, number, number, number];
  const wrong: readonly (readonly [Value, boolean])[] = [
    ['close', values[3] === null],
    ['volume', volume < 0],
    ['high', low > high || open > high || close > high],
    ['low', low > open || low > close],
    ['open', values[0] !== null && open <= 0],
    ['high', values[1] !== null && high <= 0],
    ['low', values[2] !== null && low <= 0],
    ['close', close <= 0],
  ];
  return wrong.find(([, is]) => is)?.[0] ?? 'ts';
}

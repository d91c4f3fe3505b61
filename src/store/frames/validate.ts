/** Reads candidates back with polars, another Parquet reader than wrote them, and refuses what may not be in a table. */
import { COLUMNS, countOf } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import type { Interval, IntervalSet } from '../../model/interval.js';
import { barStart, isIntraday, type Timeframe } from '../../model/timeframe.js';
import type { Io } from '../io.js';
import { readSealed } from './files.js';
import { type Numbers, numbersOf } from './frame.js';
import type { Candidate, Sealed, Validated, ValidateJob } from './jobs.js';
import { readFrame } from './read-frame.js';

const FINITE = ['open', 'high', 'low', 'close', 'volume', 'turnover'] as const;

export async function validate(io: Io, job: ValidateJob): Promise<Validated> {
  const seen: Float64Array[] = [];
  let rows = 0;
  for (const candidate of job.candidates) {
    const refuse = (reason: string) => fail('CANDIDATE_REFUSED', { reason, file: candidate.file });
    const back = await readBack(io, candidate, refuse);
    checkTimes(back, candidate, job, refuse);
    checkPrices(back, refuse);
    // The times of a file that no other reaches into need not be kept.
    if ([...job.candidates, ...job.beside].some(other => other !== candidate && meets(other, candidate))) seen.push(back.bars.ts);
    rows += countOf(back.bars);
  }
  for (const file of job.beside) seen.push(numbersOf(readFrame(await readSealed(io, file), ['ts'])).bars.ts);
  checkUnique(seen);
  return { rows };
}

const meets = (a: Pick<Candidate, 'first' | 'last'>, b: Pick<Candidate, 'first' | 'last'>): boolean =>
  a.first <= b.last && a.last >= b.first;

async function readBack(io: Io, sealed: Sealed, refuse: (reason: string) => Error): Promise<Numbers> {
  const frame = readFrame(await readSealed(io, sealed));
  if (frame.columns.join() !== COLUMNS.join()) throw refuse(`it has the columns ${frame.columns.join(', ')}`);
  return numbersOf(frame);
}

function checkTimes({ bars, nulls }: Numbers, candidate: Candidate, job: ValidateJob, refuse: (reason: string) => Error): void {
  const { ts } = bars;
  if (nulls('ts') > 0) throw refuse('a bar has no time');
  if (ts.length !== candidate.rows) throw refuse(`it holds ${ts.length} bars, ${candidate.rows} were written`);
  if (ts[0] !== candidate.first || ts.at(-1) !== candidate.last) throw refuse('its first or last bar is not the one that was written');
  checkEachTime(ts, candidate.replaces === null ? job.answered : undefined, job.timeframe, refuse);
}

/** One walk: times rise, and so do the intervals that were answered. */
function checkEachTime(ts: Float64Array, answered: IntervalSet | undefined, timeframe: Timeframe, refuse: (reason: string) => Error): void {
  const grid = gridOf(timeframe);
  let before = Number.NEGATIVE_INFINITY;
  let k = 0;
  for (let i = 0; i < ts.length; i++) {
    const at = ts[i] as number;
    if (at <= before) throw refuse(`bar ${stamp(at)} is out of order or there twice`);
    if (answered) {
      while (k < answered.length && (answered[k] as Interval).to <= at) k++;
      if (k === answered.length || at < (answered[k] as Interval).from) throw refuse(`bar ${stamp(at)} lies outside what was answered`);
    }
    if (barStart(at, grid) !== at) throw refuse(`bar ${stamp(at)} does not open where a ${timeframe} bar can open`);
    before = at;
  }
}

/** A bar opens at a whole minute everywhere (a market's hours begin with its open); where days are named, at their midnight. */
const gridOf = (timeframe: Timeframe): Timeframe => (isIntraday(timeframe) ? '1m' : timeframe);

/** What is not stated reads as NaN, and comparisons with it are false: it offends nobody. A NaN that is written down does. */
function checkPrices({ bars, nulls }: Numbers, refuse: (reason: string) => Error): void {
  const { open, high, low, close, volume } = bars;
  let [tooLow, tooHigh, negative] = [0, 0, 0];
  for (let row = 0; row < countOf(bars); row++) {
    const o = open[row] as number;
    const h = high[row] as number;
    const l = low[row] as number;
    const c = close[row] as number;
    if (l > h || o > h || c > h) tooLow++;
    if (l > o || l > c) tooHigh++;
    if ((volume[row] as number) < 0) negative++;
  }
  const found = {
    'a price, volume or turnover is not a finite number': FINITE.reduce((n, column) => n + notFinite(bars[column]) - nulls(column), 0),
    'there is no close': nulls('close'),
    'the high is not the highest': tooLow,
    'the low is not the lowest': tooHigh,
    'the volume is negative': negative,
  };
  for (const [reason, count] of Object.entries(found)) if (count > 0) throw refuse(`in ${count} bars ${reason}`);
}

function notFinite(values: Float64Array): number {
  let n = 0;
  for (let row = 0; row < values.length; row++) if (!Number.isFinite(values[row])) n++;
  return n;
}

/** No `ts` in two files of the new version. */
function checkUnique(files: readonly Float64Array[]): void {
  const sorted = [...files].filter(f => f.length > 0).sort((a, b) => (a[0] as number) - (b[0] as number));
  for (let i = 0; i < sorted.length; i++) {
    for (let k = i + 1; k < sorted.length; k++) {
      const a = sorted[i] as Float64Array;
      const b = sorted[k] as Float64Array;
      if ((b[0] as number) > (a.at(-1) as number)) break;
      const both = firstInBoth(a, b);
      if (both !== undefined) throw fail('CANDIDATE_REFUSED', { reason: `bar ${stamp(both)} would be in two files` });
    }
  }
}

function firstInBoth(a: Float64Array, b: Float64Array): number | undefined {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const d = (a[i] as number) - (b[j] as number);
    if (d === 0) return a[i];
    if (d < 0) i++;
    else j++;
  }
  return undefined;
}

const stamp = (ts: number): string => new Date(ts).toISOString();

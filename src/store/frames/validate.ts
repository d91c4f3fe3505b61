/** Reads candidates back with polars, another Parquet reader than wrote them, and refuses what may not be in a table. */
import pl from 'nodejs-polars';
import { COLUMNS } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { contains } from '../../model/interval.js';
import { barStart, type Timeframe } from '../../model/timeframe.js';
import type { Io } from '../io.js';
import { readSealed } from './files.js';
import type { Candidate, Sealed, Validated, ValidateJob } from './jobs.js';

const PRICES = ['open', 'high', 'low', 'close'] as const;

export async function validate(io: Io, job: ValidateJob): Promise<Validated> {
  const seen: Float64Array[] = [];
  let rows = 0;
  for (const candidate of job.candidates) {
    const frame = await readFrame(io, candidate);
    const refuse = (reason: string) => fail('CANDIDATE_REFUSED', { reason, file: candidate.file });
    const ts = checkTimes(frame, candidate, job, refuse);
    checkPrices(frame, refuse);
    seen.push(ts);
    rows += ts.length;
  }
  for (const file of job.beside) seen.push(times(pl.readParquet(Buffer.from(await readSealed(io, file)), { columns: ['ts'] })));
  checkUnique(seen);
  return { rows };
}

async function readFrame(io: Io, sealed: Sealed): Promise<pl.DataFrame> {
  const frame = pl.readParquet(Buffer.from(await readSealed(io, sealed)));
  if (frame.columns.join() !== COLUMNS.join())
    throw fail('CANDIDATE_REFUSED', { reason: `it has the columns ${frame.columns.join(', ')}` });
  return frame;
}

const times = (frame: pl.DataFrame): Float64Array => {
  const micros = frame.getColumn('ts').cast(pl.Int64).cast(pl.Float64).toTypedArray() as Float64Array;
  return micros.map(us => us / 1000);
};

function checkTimes(frame: pl.DataFrame, candidate: Candidate, job: ValidateJob, refuse: (reason: string) => Error): Float64Array {
  if (frame.getColumn('ts').nullCount() > 0) throw refuse('a bar has no time');
  const ts = times(frame);
  if (ts.length !== candidate.rows) throw refuse(`it holds ${ts.length} bars, ${candidate.rows} were written`);
  if (ts[0] !== candidate.first || ts.at(-1) !== candidate.last) throw refuse('its first or last bar is not the one that was written');
  for (let i = 0; i < ts.length; i++) checkTime(ts, i, candidate, job, refuse);
  return ts;
}

function checkTime(ts: Float64Array, i: number, candidate: Candidate, job: ValidateJob, refuse: (reason: string) => Error): void {
  const at = ts[i] as number;
  if (i > 0 && at <= (ts[i - 1] as number)) throw refuse(`bar ${stamp(at)} is out of order or there twice`);
  if (candidate.replaces === null && !contains(job.answered, at)) throw refuse(`bar ${stamp(at)} lies outside what was answered`);
  if (!onGrid(at, job.timeframe)) throw refuse(`bar ${stamp(at)} does not open where a ${job.timeframe} bar can open`);
}

/** A bar opens at a whole minute everywhere; where days are named, at their midnight. */
const onGrid = (ts: number, timeframe: Timeframe): boolean => barStart(ts, timeframe) === ts;

function checkPrices(frame: pl.DataFrame, refuse: (reason: string) => Error): void {
  const col = (name: string) => pl.col(name);
  const bad = (name: string, expr: pl.Expr) => expr.fillNull(false).cast(pl.Int64).sum().alias(name);
  const finite = (name: string) => col(name).isInfinite().or(col(name).isNan());
  const found = frame
    .select(
      bad(
        'the high is not the highest',
        col('high')
          .lt(col('low'))
          .or(col('high').lt(col('open')))
          .or(col('high').lt(col('close'))),
      ),
      bad(
        'the low is not the lowest',
        col('low')
          .gt(col('open'))
          .or(col('low').gt(col('close'))),
      ),
      bad(
        'a price is not a finite number',
        PRICES.map(finite).reduce((a, b) => a.or(b)),
      ),
      bad('the volume is negative or not a finite number', col('volume').lt(0).or(finite('volume'))),
      bad('there is no close', col('close').isNull()),
    )
    .toRecords()[0] as Record<string, number | bigint>;
  for (const [reason, count] of Object.entries(found)) if (Number(count) > 0) throw refuse(`in ${count} bars ${reason}`);
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

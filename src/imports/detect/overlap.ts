/** How the rows of a sample agree with bars that are stored, read by one zone and side or another: what tells where market hours cannot. */
import { type Bars, sliceBars } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import type { Calendar } from '../../model/calendar.js';
import { type Interval, interval } from '../../model/interval.js';
import { DAY, type Timeframe } from '../../model/timeframe.js';
import type { Stamping } from '../layout.js';
import { placeRows } from '../place.js';
import { type ReadRows, readRows } from '../text/rows.js';
import type { Detected } from './detect.js';
import type { Given } from './said.js';
import { afterHeading, type Sample } from './sample.js';

/** Some rows of each piece of a sample, and the time in which their bars lie by any reading. */
export interface Probe {
  readonly rows: ReadRows;
  readonly within: Interval;
}

/** Stored bars of a probe's time, in order. */
export type Stored = Pick<Bars, 'ts' | 'close'>;

const MOST_ROWS = 2_000;
/** No zone is further from UTC, and no bar within a day is longer. */
const FURTHEST = 2 * DAY;

export function probesOf({ pieces }: Sample, { layout }: Detected): Probe[] {
  const head = { before: Array(layout.skip).fill(''), heading: layout.heading ? [] : null };
  return pieces.flatMap((piece, i) => {
    const read = readRows(i === 0 ? afterHeading(piece, head) : piece, layout, 1, '');
    const bars = sliceBars(read.bars, 0, MOST_ROWS);
    const [first, last] = [Math.min(...bars.ts), Math.max(...bars.ts)];
    return bars.ts.length === 0 ? [] : [{ rows: { ...read, bars }, within: interval(first - FURTHEST, last + FURTHEST) }];
  });
}

/** Closes that are equal to the stored ones, of all that have one. */
export interface Agreement extends Stamping {
  readonly equal: number;
  readonly of: number;
}

export function agreementOf(
  probes: readonly Probe[],
  stored: readonly Stored[],
  calendar: Calendar,
  timeframe: Timeframe,
  reading: Stamping,
): Agreement {
  let [equal, of] = [0, 0];
  for (const [i, { rows }] of probes.entries()) {
    const there = stored[i];
    if (!there) continue;
    const { bars } = placeRows(rows, { ...reading, timeframe, calendar, now: Number.POSITIVE_INFINITY });
    for (let row = 0; row < bars.ts.length; row++) {
      const at = lowerBound(there.ts, bars.ts[row] as number);
      if (there.ts[at] !== bars.ts[row]) continue;
      of++;
      if (there.close[at] === bars.close[row]) equal++;
    }
  }
  return { ...reading, equal, of };
}

const LEAST = 20;
const shareOf = ({ equal, of }: Agreement): number => (of < LEAST ? 0 : equal / of);
const words = (a: Agreement): string =>
  `${a.zone} and stamps of the ${a.stamp} (${Math.floor(shareOf(a) * 1000) / 10} % of ${a.of} closes)`;

/** The readings that are still open; none where something else has to be answered first. */
export function openReadings({ questions, zone, stamp }: Detected): Stamping[] {
  if (questions.length === 0 || questions.some(({ about }) => about !== 'zone' && about !== 'stamp')) return [];
  const options = (about: string, known: string | undefined) => questions.find(q => q.about === about)?.options ?? (known ? [known] : []);
  return options('zone', zone).flatMap(z => options('stamp', stamp).map(s => ({ zone: z, stamp: s as Stamping['stamp'] })));
}

/** The one reading that agrees clearly with what is stored, as an answer; undefined: none does, or two do. */
export function answerOf(agreements: readonly Agreement[]): { given: Pick<Given, 'zone' | 'stamp'>; words: string } | undefined {
  const [best, next] = [...agreements].sort((a, b) => shareOf(b) - shareOf(a));
  if (!best || shareOf(best) < 0.9 || (next && shareOf(next) > shareOf(best) / 2)) return undefined;
  return {
    given: { zone: best.zone, stamp: best.stamp },
    words: `it agrees with the stored bars as ${words(best)}${next ? `; next best ${words(next)}` : ''}`,
  };
}

/** What a person should know of a reading that is certain and yet says otherwise than the stored bars. */
export const contradiction = (a: Agreement): string | undefined =>
  a.of >= LEAST && shareOf(a) < 0.5 ? `it does not agree with the stored bars: read as ${words(a)}` : undefined;

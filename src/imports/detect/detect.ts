/** What a file is: its dialect, symbol, timeframe, zone and stamp side, each with what it is known from. What stays open is asked, never guessed. */
import type { Calendar } from '../../model/calendar.js';
import { isIntraday, type Timeframe } from '../../model/timeframe.js';
import type { Recognised } from '../dialect.js';
import type { Layout, Stamping } from '../layout.js';
import { fitOf } from './fit.js';
import type { Given, Question } from './said.js';
import { readSample, type Sample, type SampleRead } from './sample.js';
import { type StampingFound, stampingOf } from './stamping.js';

export interface Detected {
  readonly dialect: string;
  readonly layout: Layout;
  readonly symbol: string | undefined;
  readonly timeframe: Timeframe | undefined;
  readonly zone: string | undefined;
  readonly stamp: Stamping['stamp'] | undefined;
  readonly price: Recognised['price'];
  readonly volumeUnit: Recognised['volumeUnit'];
  readonly lastMayRun: boolean;
  readonly traded: Recognised['traded'] | null;
  /** Stamps of the sample at which the market expects no bar, by this reading; null: not judged. */
  readonly off: number | null;
  readonly evidence: readonly string[];
  readonly doubts: readonly string[];
  readonly questions: readonly Question[];
}

/** The calendar of a symbol, as far as one is known; a fit needs one. */
export type CalendarFor = (symbol: string, timeframe: Timeframe) => Calendar | undefined;

export const detect = (sample: Sample, given: Given, calendarFor: CalendarFor): Detected =>
  judge(readSample(sample, given), given, calendarFor);

export function judge(read: SampleRead, given: Given, calendarFor: CalendarFor): Detected {
  const { dialect, found, layout, symbol, timeframe, stretches, areMoments } = read;
  const calendar = symbol && timeframe ? calendarFor(symbol, timeframe) : undefined;
  const says = stampingOf({ stretches, areMoments, timeframe, calendar, given, known: found });
  return {
    dialect,
    layout,
    symbol,
    timeframe,
    zone: says.zone,
    stamp: says.stamp,
    price: found.price,
    volumeUnit: found.volumeUnit,
    lastMayRun: found.lastMayRun ?? false,
    traded: found.traded ?? null,
    off: offOf(stretches, timeframe, calendar, says),
    evidence: [...read.words, ...says.words].filter(words => words !== ''),
    doubts: found.columns.doubts,
    questions: [...read.questions, ...says.questions],
  };
}

function offOf(
  stretches: readonly Float64Array[],
  timeframe: Timeframe | undefined,
  calendar: Calendar | undefined,
  { zone, stamp }: StampingFound,
): number | null {
  if (!timeframe || !calendar || !zone || !stamp || !isIntraday(timeframe)) return null;
  return fitOf(stretches, timeframe, calendar, { zone, stamp }).off;
}

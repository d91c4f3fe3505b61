/** What is traded in New York from four to eight by its real calendar, without a quiet minute. */
import { emptyBars } from '../../src/model/bars.js';
import { interval } from '../../src/model/interval.js';
import { DAY } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import type { Truth } from '../emulators/truth.js';
import { XNYS } from './xnys.js';

export const EXTENDED = XNYS.as({ session: 'extended', anchor: 'clock' });

const LISTED = Date.UTC(2023, 9, 2, 13, 30);

/** Symbols, each with the end of its last bar. */
export const tradedExtended =
  (lives: Readonly<Record<string, number>>): Truth =>
  (symbol, timeframe, { from, to }) => {
    const end = lives[symbol];
    if (end === undefined) return undefined;
    const within = { from: Math.max(from, LISTED), to: Math.min(to, end) };
    return within.from < within.to ? truth({ quietShare: 0, listed: LISTED }, symbol, timeframe, within, EXTENDED) : emptyBars();
  };

export const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Half a day, and the two days on which the clock changes with what is beside them. */
export const ODD_DAYS = (
  [
    ['a half day', Date.UTC(2023, 10, 24), 1],
    ['the change to summer time', Date.UTC(2024, 2, 8), 4],
    ['the change to winter time', Date.UTC(2023, 10, 3), 4],
  ] as const
).flatMap(([what, from, days]) =>
  (['1m', '1h', '1d'] as const).map(timeframe => ({
    what: `${what}, ${timeframe}`,
    interval: interval(from, from + days * DAY),
    timeframe,
  })),
);

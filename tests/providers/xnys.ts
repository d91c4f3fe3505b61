/** What is traded in New York by its real calendar: half days and holidays included, without a quiet minute. */
import { readCalendars } from '../../src/calendars.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import type { Truth } from '../emulators/truth.js';

export const XNYS = readCalendars().get('XNYS');

export const traded =
  (symbols: readonly string[]): Truth =>
  (symbol, timeframe, interval) =>
    symbols.includes(symbol) ? truth({ quietShare: 0 }, symbol, timeframe, interval, XNYS) : undefined;

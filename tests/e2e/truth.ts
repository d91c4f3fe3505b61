/** What the exchange has said, or will say: the rows that a finished table must hold. */
import { type Bar, toRows } from '../../src/model/bars.js';
import type { Interval } from '../../src/model/interval.js';
import type { SimulatedSettings } from '../../src/providers/simulated/settings.js';
import { truth } from '../../src/providers/simulated/simulated.js';

export const truthOf = (exchange: Partial<SimulatedSettings>, symbol: string, interval: Interval): Bar[] =>
  toRows(truth(exchange, symbol, '1m', interval));

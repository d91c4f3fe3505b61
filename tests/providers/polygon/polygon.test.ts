import { DAY, HOUR } from '../../../src/model/timeframe.js';
import { type Emulation, providerContract } from '../../contract/provider.js';
import { FRIDAY, polygon } from './scene.js';

const minutes = async (): Promise<Emulation> => ({
  ...(await polygon()),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1m',
  busy: { from: FRIDAY + 15 * HOUR, to: FRIDAY + 21 * HOUR },
  silent: { from: FRIDAY + DAY + 9 * HOUR, to: FRIDAY + DAY + 10 * HOUR },
});

const days = async (): Promise<Emulation> => ({
  ...(await polygon({ mostBase: 7 })),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1d',
  busy: { from: FRIDAY - 28 * DAY, to: FRIDAY + 5 * DAY },
  silent: { from: FRIDAY + DAY, to: FRIDAY + 3 * DAY },
});

providerContract('polygon, minutes', minutes);
providerContract('polygon, days on both sides of the change to summer time', days);

import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createPolygon } from '../../../src/providers/polygon/polygon.js';
import { type Emulation, providerContract } from '../../contract/provider.js';
import { type Form, type Wired, wiredContract } from '../../contract/wire.js';
import { refusal } from '../../emulators/polygon/answers.js';
import { keyOf } from '../emulation.js';
import { EXTENDED, FOR_EVER, ODD_DAYS, tradedExtended } from '../extended.js';
import { FRIDAY, polygon } from './scene.js';

type Body = { readonly results: readonly unknown[] };
type Row = { readonly t: number; readonly c: unknown };

const FORM: Form = {
  path: /^\/v2\/aggs\//,
  rowsOf: body => (body as Body).results,
  withRows: (body, results) => ({ ...(body as Body), results, resultsCount: results.length }),
  moved: (row, ms) => ({ ...(row as Row), t: (row as Row).t + ms }),
  closing: (row, c) => ({ ...(row as Row), c }),
  closeOf: row => (row as Row).c,
  renamed: body => ({ ...(body as Body), ticker: 'OTHER' }),
};

/** The last trade of the last day. */
const GONE = Date.UTC(2024, 2, 2, 1);

const minutes = async (): Promise<Wired> => {
  const e = await polygon({ truth: tradedExtended({ ACME: FOR_EVER, GONE }) }, {}, { headersMs: 4_000, idleMs: 4_000 });
  const { url: baseUrl } = e.emulator;
  return {
    ...e,
    symbol: 'ACME',
    unknown: 'NONE',
    timeframe: '1m',
    busy: { from: FRIDAY + 15 * HOUR, to: FRIDAY + 21 * HOUR },
    silent: { from: FRIDAY + DAY + 9 * HOUR, to: FRIDAY + DAY + 10 * HOUR },
    form: FORM,
    limited: { status: 429, body: refusal('ERROR', "You've exceeded the maximum requests per minute, please wait.") },
    beyondPlan: { status: 403, body: refusal('NOT_AUTHORIZED', "Your plan doesn't include this data timeframe.") },
    keyed: key =>
      createPolygon({ baseUrl, perMinute: 60_000, settleMs: 20 * MINUTE, plan: 'starter', ...(key && { key: keyOf(key) }) }, e.world),
    gone: { symbol: 'GONE', last: GONE },
    oddDays: ODD_DAYS.map(day => ({ ...day, calendar: EXTENDED })),
    whole: 'its token, and the number of bars that it counts',
    overlaps: false,
  };
};

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
wiredContract('polygon', minutes);

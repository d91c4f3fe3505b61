import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createAlpaca } from '../../../src/providers/alpaca/alpaca.js';
import { type Emulation, providerContract } from '../../contract/provider.js';
import { type Form, type Wired, wiredContract } from '../../contract/wire.js';
import { keyOf } from '../emulation.js';
import { EXTENDED, FOR_EVER, ODD_DAYS, tradedExtended } from '../extended.js';
import { alpaca, FRIDAY, KEYS, NOW } from './scene.js';

type Body = { readonly bars: { readonly ACME: readonly unknown[] } };
type Row = { readonly t: string; readonly c: unknown };

const FORM: Form = {
  path: /bars$/,
  rowsOf: body => (body as Body).bars.ACME,
  withRows: (body, rows) => ({ ...(body as Body), bars: { ACME: rows } }),
  moved: (row, ms) => ({ ...(row as Row), t: later((row as Row).t, ms) }),
  closing: (row, c) => ({ ...(row as Row), c }),
  closeOf: row => (row as Row).c,
  renamed: body => ({ ...(body as Body), bars: { OTHER: (body as Body).bars.ACME } }),
};

function later(t: string, ms: number): string {
  const at = new Date(Date.parse(t) + ms);
  return Number.isNaN(at.getTime()) ? `+${Date.parse(t) + ms}` : at.toISOString();
}

const WAIT = 30_000;

const minutes = async (): Promise<Wired> => {
  const sip = tradedExtended({ ACME: FOR_EVER });
  const e = await alpaca({ truth: { sip, iex: sip } }, {}, { headersMs: 4_000, idleMs: 4_000 });
  const reset = String((NOW + WAIT) / 1_000);
  const settings = {
    baseUrl: e.emulator.url,
    perMinute: 60_000,
    settleMs: 20 * MINUTE,
    feed: 'sip' as const,
    secretKey: keyOf(KEYS.secret),
  };
  const limited = { status: 429, body: { message: 'too many requests.' } };
  return {
    ...e,
    symbol: 'ACME',
    unknown: 'NONE',
    timeframe: '1m',
    busy: { from: FRIDAY + 15 * HOUR, to: FRIDAY + 21 * HOUR },
    silent: { from: FRIDAY + DAY + 9 * HOUR, to: FRIDAY + DAY + 10 * HOUR },
    form: FORM,
    limited,
    limitedFor: {
      reply: { ...limited, headers: { 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } },
      waitMs: WAIT,
    },
    beyondPlan: { status: 403, body: { message: 'subscription does not permit querying recent SIP data' } },
    keyed: key => createAlpaca({ ...settings, ...(key && { key: keyOf(key) }) }, e.world),
    oddDays: ODD_DAYS.map(day => ({ ...day, calendar: EXTENDED })),
    whole: 'its token, and the rows that it holds at most',
    overlaps: false,
  };
};

const days = async (): Promise<Emulation> => ({
  ...(await alpaca({ mostBars: 7 })),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1d',
  busy: { from: FRIDAY - 28 * DAY, to: FRIDAY + 5 * DAY },
  silent: { from: FRIDAY + DAY, to: FRIDAY + 3 * DAY },
});

providerContract('alpaca, minutes', minutes);
providerContract('alpaca, days on both sides of the change to summer time', days);
wiredContract('alpaca', minutes);

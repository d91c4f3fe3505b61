import { DAY, HOUR } from '../../../src/model/timeframe.js';
import { createFmp } from '../../../src/providers/fmp/fmp.js';
import { type Emulation, providerContract } from '../../contract/provider.js';
import { type Form, type Wired, wiredContract } from '../../contract/wire.js';
import { keyOf } from '../emulation.js';
import { ODD_DAYS } from '../extended.js';
import { traded, XNYS } from '../xnys.js';
import { FRIDAY, fmp } from './scene.js';

type Row = { readonly date: string; readonly close: unknown };

const FORM: Form = {
  path: /historical/,
  rowsOf: body => body as readonly Row[],
  withRows: (_, rows) => rows,
  moved: (row, ms) => ({ ...(row as Row), date: later((row as Row).date, ms) }),
  closing: (row, close) => ({ ...(row as Row), close }),
  closeOf: row => (row as Row).close,
};

function later(date: string, ms: number): string {
  const at = new Date(Date.parse(`${date.replace(' ', 'T')}Z`) + ms);
  return Number.isNaN(at.getTime()) ? 'never' : at.toISOString().slice(0, 19).replace('T', ' ');
}

const halfHours = async (): Promise<Wired> => {
  const e = await fmp({ truth: traded(['ACME']) }, {}, { headersMs: 4_000, idleMs: 4_000 });
  return {
    ...e,
    symbol: 'ACME',
    unknown: 'NONE',
    timeframe: '30m',
    busy: { from: FRIDAY - 60 * DAY + 15 * HOUR, to: FRIDAY + 4 * DAY },
    silent: { from: FRIDAY + DAY + 9 * HOUR, to: FRIDAY + DAY + 10 * HOUR },
    form: FORM,
    limited: { status: 429, body: { 'Error Message': 'Limit Reach . Please upgrade your plan.' } },
    beyondPlan: { status: 402, body: { 'Error Message': 'Premium Query Parameter: this is not available under your current plan.' } },
    keyed: key =>
      createFmp({ baseUrl: e.emulator.url, perMinute: 60_000, settleMs: HOUR, plan: 'paid', ...(key && { key: keyOf(key) }) }, e.world),
    oddDays: ODD_DAYS.map(day => ({ ...day, calendar: XNYS })),
    overlaps: false,
  };
};

const days = async (): Promise<Emulation> => ({
  ...(await fmp()),
  symbol: 'ACME',
  unknown: 'NONE',
  timeframe: '1d',
  busy: { from: Date.UTC(2017, 9, 2), to: FRIDAY + 5 * DAY },
  silent: { from: FRIDAY + DAY, to: FRIDAY + 3 * DAY },
});

providerContract('fmp, half hours', halfHours);
providerContract('fmp, days', days);
wiredContract('fmp', halfHours);

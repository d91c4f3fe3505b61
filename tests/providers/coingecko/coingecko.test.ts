import { DAY, MINUTE } from '../../../src/model/timeframe.js';
import { createCoinGecko } from '../../../src/providers/coingecko/coingecko.js';
import { providerContract } from '../../contract/provider.js';
import { type Form, type Wired, wiredContract } from '../../contract/wire.js';
import { keyOf } from '../emulation.js';
import { coingecko, MONDAY } from './scene.js';

type Row = readonly [number, unknown, unknown, unknown, unknown];

const FORM: Form = {
  path: /ohlc/,
  rowsOf: body => body as readonly Row[],
  withRows: (_, rows) => rows,
  moved: (row, ms) => [(row as Row)[0] + ms, ...(row as Row).slice(1)],
  closing: (row, close) => [...(row as Row).slice(0, 4), close],
  closeOf: row => (row as Row)[4],
};

const hours = async (): Promise<Wired> => {
  const e = await coingecko({ plan: 'paid' }, { plan: 'paid' }, { headersMs: 4_000, idleMs: 4_000 });
  const status = { error_code: 429, error_message: "You've exceeded the Rate Limit." };
  return {
    ...e,
    symbol: 'acme-coin',
    unknown: 'no-coin',
    timeframe: '1h',
    busy: { from: MONDAY - 80 * DAY, to: MONDAY },
    form: FORM,
    limited: { status: 429, headers: { 'content-type': 'text/html' }, body: '<html>Too many requests</html>' },
    limitedFor: { reply: { status: 429, headers: { 'retry-after': '119' }, body: { status } }, waitMs: 119_000 },
    beyondPlan: { status: 401, body: { status: { error_code: 10005, error_message: 'This request is limited to Pro API subscribers.' } } },
    keyed: key =>
      createCoinGecko(
        { baseUrl: `${e.emulator.url}/api/v3`, perMinute: 60_000, settleMs: 40 * MINUTE, plan: 'paid', ...(key && { key: keyOf(key) }) },
        e.world,
      ),
    overlaps: false,
  };
};

providerContract('coingecko, hours of a paid key', hours);
wiredContract('coingecko', hours);

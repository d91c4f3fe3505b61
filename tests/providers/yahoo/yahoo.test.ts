import { interval } from '../../../src/model/interval.js';
import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { providerContract } from '../../contract/provider.js';
import { type Wired, wiredContract } from '../../contract/wire.js';
import { always } from '../../emulators/truth.js';
import { coin, FORM, startYahoo, without } from './emulation.js';

const NOW = Date.UTC(2024, 2, 14, 12, 0, 30);
const MONDAY = Date.UTC(2024, 2, 11);
const QUIET = interval(MONDAY + 30 * HOUR, MONDAY + 36 * HOUR);

async function emulate(): Promise<Wired> {
  const truth = without(always(['BTC-USD']), QUIET);
  const patience = { headersMs: 3_000, idleMs: 3_000 };
  const { provider, emulator, setNow, world, release } = await startYahoo(NOW, truth, [coin('BTC-USD')], {}, patience);
  const body = 'Too Many Requests\r\n';
  return {
    provider,
    symbol: 'BTC-USD',
    unknown: 'NOSUCH',
    timeframe: '1m',
    busy: { from: MONDAY - 90 * MINUTE, to: MONDAY + 3 * DAY },
    silent: QUIET,
    setNow,
    now: world.now,
    requests: emulator.requests,
    slow: emulator.slow,
    release,
    emulator,
    form: FORM,
    limited: { status: 429, headers: { 'content-type': 'text/plain' }, body },
    limitedFor: { reply: { status: 429, headers: { 'retry-after': '17' }, body }, waitMs: 17_000 },
    overlaps: false,
  };
}

providerContract('yahoo', emulate);
wiredContract('yahoo', emulate);

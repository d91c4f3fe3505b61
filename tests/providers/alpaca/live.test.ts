import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY } from '../../../src/model/timeframe.js';
import { createAlpaca } from '../../../src/providers/alpaca/alpaca.js';
import { defaults } from '../../../src/settings/defaults.js';
import { collect } from '../../contract/provider.js';
import { rowsOf } from '../emulation.js';
import { keyIn, live, notLive } from '../live.js';

test('live: Alpaca tells the days of a week of 2023', { skip: notLive('ALPACA_API_KEY') || notLive('ALPACA_SECRET_KEY') }, () =>
  live(
    world => createAlpaca({ ...defaults.providers.alpaca, key: keyIn('ALPACA_API_KEY'), secretKey: keyIn('ALPACA_SECRET_KEY') }, world),
    async provider => {
      const from = Date.UTC(2023, 0, 2);
      const rows = rowsOf(await collect(provider, { symbol: 'AAPL', timeframe: '1d', interval: { from, to: from + 7 * DAY } }));
      assert.deepEqual(
        rows.map(b => b.ts),
        [3, 4, 5, 6].map(day => Date.UTC(2023, 0, day)),
      );
    },
  ),
);

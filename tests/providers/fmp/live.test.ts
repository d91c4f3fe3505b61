import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY } from '../../../src/model/timeframe.js';
import { createFmp } from '../../../src/providers/fmp/fmp.js';
import { defaults } from '../../../src/settings/defaults.js';
import { collect } from '../../contract/provider.js';
import { rowsOf } from '../emulation.js';
import { keyIn, live, notLive } from '../live.js';

test('live: FMP tells the days of a week of 2023', { skip: notLive('FMP_API_KEY') }, () =>
  live(
    world => createFmp({ ...defaults.providers.fmp, key: keyIn('FMP_API_KEY') }, world),
    async provider => {
      const from = Date.UTC(2023, 0, 3);
      const rows = rowsOf(await collect(provider, { symbol: 'AAPL', timeframe: '1d', interval: { from, to: from + 4 * DAY } }));
      assert.deepEqual(
        rows.map(b => b.ts),
        [3, 4, 5, 6].map(day => Date.UTC(2023, 0, day)),
      );
    },
  ),
);

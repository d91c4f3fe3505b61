import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../../src/model/timeframe.js';
import { createCoinGecko } from '../../../src/providers/coingecko/coingecko.js';
import { defaults } from '../../../src/settings/defaults.js';
import { collect } from '../../contract/provider.js';
import { rowsOf } from '../emulation.js';
import { live, notLive } from '../live.js';

test('live: CoinGecko tells four-hour candles of three days, without a key', { skip: notLive() }, () =>
  live(
    world => createCoinGecko(defaults.providers.coingecko, world),
    async provider => {
      const to = Math.floor((Date.now() - DAY) / (4 * HOUR)) * 4 * HOUR;
      const rows = rowsOf(await collect(provider, { symbol: 'bitcoin', timeframe: '4h', interval: { from: to - 3 * DAY, to } }));
      assert.equal(rows.length, 18);
    },
  ),
);

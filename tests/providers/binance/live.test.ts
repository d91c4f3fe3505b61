import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../../src/model/timeframe.js';
import { createBinance, createBinanceUsdM } from '../../../src/providers/binance/binance.js';
import { sourceDefaults } from '../../../src/settings/sources.js';
import { barsIn, collect } from '../../contract/provider.js';
import { live, notLive } from '../live.js';

const FROM = Date.UTC(2024, 0, 1);

for (const { name, settings, create } of [
  { name: 'Binance', settings: sourceDefaults.binance, create: createBinance },
  { name: 'Binance USD-M', settings: sourceDefaults['binance-um'], create: createBinanceUsdM },
])
  test(`${name} itself: three minutes of 2024 are there`, { skip: notLive() }, () =>
    live(
      world => create({ ...settings, archiveUrl: null }, world),
      async provider => {
        const interval = { from: FROM, to: FROM + 3 * MINUTE };
        const { ts } = barsIn(await collect(provider, { symbol: 'BTCUSDT', timeframe: '1m', interval }));
        assert.deepEqual([...ts], [FROM, FROM + MINUTE, FROM + 2 * MINUTE]);
      },
    ),
  );

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interval } from '../../../src/model/interval.js';
import { createYahoo } from '../../../src/providers/yahoo/yahoo.js';
import { sourceDefaults } from '../../../src/settings/sources.js';
import { barsIn, collect } from '../../contract/provider.js';
import { live, notLive } from '../live.js';

test('Yahoo itself: a week of Nvidia before its split of 2024 is what was traded', { skip: notLive() }, () =>
  live(
    world => createYahoo(sourceDefaults.yahoo, world),
    async provider => {
      const week = interval(Date.UTC(2024, 5, 3), Date.UTC(2024, 5, 8));
      const { ts, close } = barsIn(await collect(provider, { symbol: 'NVDA', timeframe: '1d', interval: week }));
      assert.equal(ts.length, 5);
      assert.ok(close.every(price => price > 1_000 && price === Math.round(price * 100) / 100));
    },
  ),
);

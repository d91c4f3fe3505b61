import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interval } from '../../../src/model/interval.js';
import { createTiingo } from '../../../src/providers/tiingo/tiingo.js';
import { sourceDefaults } from '../../../src/settings/sources.js';
import { barsIn, collect } from '../../contract/provider.js';
import { keyIn, live, notLive } from '../live.js';

const KEY = 'TIINGO_API_KEY';

test('Tiingo itself: two days of Alphabet are what was recorded', { skip: notLive(KEY) }, () =>
  live(
    world => createTiingo({ ...sourceDefaults.tiingo, key: keyIn(KEY) }, world),
    async provider => {
      const days = interval(Date.UTC(2015, 0, 1), Date.UTC(2015, 0, 6));
      const { close } = barsIn(await collect(provider, { symbol: 'GOOGL', timeframe: '1d', interval: days }));
      assert.deepEqual([...close], [529.55, 519.46]);
    },
  ),
);

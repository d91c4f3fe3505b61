import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY } from '../../../src/model/timeframe.js';
import { createPolygon } from '../../../src/providers/polygon/polygon.js';
import { defaults } from '../../../src/settings/defaults.js';
import { collect } from '../../contract/provider.js';
import { rowsOf } from '../emulation.js';
import { keyIn, live, notLive } from '../live.js';

test('live: Polygon tells the days of a week of last year', { skip: notLive('POLYGON_KEY') }, () =>
  live(
    world => createPolygon({ ...defaults.providers.polygon, key: keyIn('POLYGON_KEY') }, world),
    async provider => {
      const from = Math.floor((Date.now() - 300 * DAY) / DAY) * DAY;
      const rows = rowsOf(await collect(provider, { symbol: 'AAPL', timeframe: '1d', interval: { from, to: from + 7 * DAY } }));
      assert.ok(rows.length >= 3 && rows.length <= 5);
    },
  ),
);

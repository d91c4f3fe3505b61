import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAlphaVantage } from '../../../src/providers/alpha-vantage/alpha-vantage.js';
import { sourceDefaults } from '../../../src/settings/sources.js';
import { keyIn, live, notLive } from '../live.js';

const KEY = 'ALPHA_VANTAGE_API_KEY';

test('Alpha Vantage itself: its list of tickers tells since when IBM is traded', { skip: notLive(KEY) }, () =>
  live(
    world => createAlphaVantage({ ...sourceDefaults['alpha-vantage'], key: keyIn(KEY) }, world),
    async provider => {
      const { first } = await provider.listing('IBM', new AbortController().signal);
      assert.ok(first !== undefined && first < Date.UTC(1970, 0, 1));
    },
  ),
);

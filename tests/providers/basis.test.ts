import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Basis } from '../../src/model/series.js';
import { basisFor } from '../../src/providers/basis.js';
import type { Serves } from '../../src/providers/provider.js';

const basis: Basis = { adjustment: 'raw', price: 'trade', session: 'regular', feed: 'any', volumeUnit: 'shares' };
const serves = {
  basis,
  except: [
    { assetClasses: ['fx'], basis: { price: 'mid', session: '24h', volumeUnit: 'none' } },
    { assetClasses: ['stock', 'etf'], timeframes: ['1m', '5m'], basis: { feed: 'iex' } },
  ],
} as unknown as Serves;

test('prices have the basis of their source, but where it tells another one for a market or a length of bars', () => {
  assert.deepEqual(basisFor(serves, { assetClass: 'stock', timeframe: '1d' }), basis);
  assert.deepEqual(basisFor(serves, { assetClass: 'stock', timeframe: '5m' }), { ...basis, feed: 'iex' });
  assert.deepEqual(basisFor(serves, { assetClass: 'fx', timeframe: '1m' }), { ...basis, price: 'mid', session: '24h', volumeUnit: 'none' });
  assert.deepEqual(basisFor({ basis } as Serves, { assetClass: 'stock', timeframe: '5m' }), basis);
});

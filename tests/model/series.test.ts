import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isTapekeepError } from '../../src/model/errors.js';
import { ASSET_CLASSES, CRYPTO_BASIS, escapeName, idOf, nameOf, parseId, type Series, sameBasis } from '../../src/model/series.js';
import { TIMEFRAMES } from '../../src/model/timeframe.js';

const series = (symbol: string, dataset = 'main'): Series => ({ dataset, assetClass: 'crypto', symbol, timeframe: '1m' });
const accepted = (symbol: string): boolean => {
  try {
    idOf(series(symbol));
    return true;
  } catch (e) {
    assert.ok(isTapekeepError(e, 'SYMBOL_INVALID'), String(e));
    return false;
  }
};
const likely = fc.string({ unit: fc.constantFrom(...'ABCabcxX019./^=_-+~ %:ÄéßΣ'), minLength: 1, maxLength: 12 });
const name = fc.oneof(likely, fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })).filter(accepted);

describe('the id of a series', () => {
  test('keeps usual names readable', () => {
    assert.equal(idOf(series('BTCUSDT')), 'main/crypto/BTCUSDT/1m');
    assert.equal(idOf(series('BRK.B', 'icmarkets.12345')), 'icmarkets.12345/crypto/BRK.B/1m');
    assert.equal(idOf(series('BTC/USDT')), 'main/crypto/BTC~2FUSDT/1m');
  });

  test('is read back to the same series', () => {
    fc.assert(
      fc.property(
        name,
        name,
        fc.constantFrom(...ASSET_CLASSES),
        fc.constantFrom(...TIMEFRAMES),
        (dataset, symbol, assetClass, timeframe) => {
          const s: Series = { dataset, assetClass, symbol, timeframe };
          assert.deepEqual(parseId(idOf(s)), s);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('differs for different names on a disk that does not tell case', () => {
    const upper = (symbol: string) => idOf(series(symbol)).toUpperCase();
    fc.assert(
      fc.property(name, name, (a, b) => a === b || upper(a) !== upper(b)),
      { numRuns: 2_000 },
    );
    fc.assert(fc.property(name, a => a.toLowerCase() === a || !accepted(a.toLowerCase()) || upper(a) !== upper(a.toLowerCase())));
    for (const names of [
      ['BTC/USDT', 'btc_usdt', 'BTC_USDT', 'BTC~2FUSDT', 'BTC-USDT'],
      ['aB', 'Ab', 'AB', 'ab', '+ab'],
      ['CON', 'con', 'Con'],
    ]) {
      assert.equal(new Set(names.map(upper)).size, names.length);
    }
  });

  test('is one folder below another: no part of it climbs, hides or is a device', () => {
    fc.assert(
      fc.property(name, symbol => {
        const folder = escapeName(symbol, 'upper', 'symbol');
        assert.match(folder, /^[A-Za-z0-9._=+~-]+$/);
        assert.doesNotMatch(folder, /^\.|\.$|^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i);
      }),
      { numRuns: 2_000 },
    );
    for (const device of ['CON', 'nul', 'COM1', 'LPT9.X', 'aux.csv']) assert.ok(accepted(device));
  });

  test('is refused for what cannot be a name', () => {
    const bad = [
      '../x',
      '..',
      '.',
      '',
      'A'.repeat(300),
      'a\u0000b',
      'a\nb',
      'AB\u202eC',
      'A\u200bB',
      '/A',
      'A/',
      'A//B',
      'A/../B',
      'a\\..\\b',
      ' A',
      'A ',
      '\ud800',
    ];
    for (const symbol of bad) {
      assert.throws(
        () => idOf(series(symbol)),
        e => isTapekeepError(e, 'SYMBOL_INVALID') && e.permanent,
        JSON.stringify(symbol),
      );
      assert.throws(
        () => idOf(series('BTCUSDT', symbol)),
        e => isTapekeepError(e, 'SYMBOL_INVALID'),
        JSON.stringify(symbol),
      );
    }
    assert.throws(() => idOf(series('界'.repeat(64))), /too long/);
  });

  test('that is none is not read', () => {
    const bad = ['', 'main', 'main/crypto/BTCUSDT', 'main/crypto/BTCUSDT/1m/x', 'main/gold/X/1m', 'main/crypto/X/1M', 'main/crypto/X/9m'];
    const odd = [
      'main/crypto/BTC~2fUSDT/1m',
      'main/crypto/BTC~FFUSDT/1m',
      'main/crypto/++BTC/1m',
      'main/crypto/../1m',
      'main/crypto/~42TC/1m',
      '/crypto/X/1m',
    ];
    for (const id of [...bad, ...odd]) assert.equal(parseId(id), undefined, id);
    fc.assert(
      fc.property(fc.string(), id => {
        const read = parseId(id);
        assert.ok(read === undefined || idOf(read) === id);
      }),
    );
  });
});

test('a series is called by its symbol and timeframe, and by its dataset unless that is main', () => {
  assert.equal(nameOf(series('BTCUSDT')), 'BTCUSDT 1m');
  assert.equal(nameOf(series('EURUSD', 'icmarkets.12345')), 'icmarkets.12345:EURUSD 1m');
});

test('two bases are the same when every part of them is', () => {
  assert.ok(sameBasis(CRYPTO_BASIS, { ...CRYPTO_BASIS }));
  const other = { adjustment: 'split', price: 'bid', session: 'regular', feed: 'iex', volumeUnit: 'quote' } as const;
  for (const key of Object.keys(other))
    assert.ok(!sameBasis(CRYPTO_BASIS, { ...CRYPTO_BASIS, [key]: other[key as keyof typeof other] }), key);
});

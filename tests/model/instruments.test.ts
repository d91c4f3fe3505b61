import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCalendars } from '../../src/calendars.js';
import { SUFFIXES } from '../../src/model/instruments/markets.js';
import { classify, createInstruments, type Instrument, withTold } from '../../src/model/instruments.js';

const SETTLED: readonly [symbol: string, name: string, assetClass: string, calendar: string | null, currency: string | null][] = [
  ['BTCUSDT', 'BTCUSDT', 'crypto', 'CRYPTO', 'USDT'],
  ['BTC-USD', 'BTCUSD', 'crypto', 'CRYPTO', 'USD'],
  ['BTC/USDT', 'BTCUSDT', 'crypto', 'CRYPTO', 'USDT'],
  ['ETHBTC', 'ETHBTC', 'crypto', 'CRYPTO', 'BTC'],
  ['X:BTCUSD', 'BTCUSD', 'crypto', 'CRYPTO', 'USD'],
  ['BNBUSD', 'BNBUSD', 'crypto', 'CRYPTO', 'USD'],
  ['1INCHUSDT', '1INCHUSDT', 'crypto', 'CRYPTO', 'USDT'],
  ['EURUSDT', 'EURUSDT', 'crypto', 'CRYPTO', 'USDT'],
  ['WIFUSDT', 'WIFUSDT', 'crypto', 'CRYPTO', 'USDT'],
  ['btcusdt', 'BTCUSDT', 'crypto', 'CRYPTO', 'USDT'],
  ['AAPL', 'AAPL', 'stock', 'XNYS', 'USD'],
  ['BRK.B', 'BRK.B', 'stock', 'XNYS', 'USD'],
  ['BRK-B', 'BRK.B', 'stock', 'XNYS', 'USD'],
  ['VTSAX', 'VTSAX', 'fund', 'XNYS', 'USD'],
  ['VOD.L', 'VOD.L', 'stock', 'XLON', 'GBX'],
  ['SAP.DE', 'SAP.DE', 'stock', 'XETR', 'EUR'],
  ['SAP.F', 'SAP.F', 'stock', 'XFRA', 'EUR'],
  ['7203.T', '7203.T', 'stock', 'XTKS', 'JPY'],
  ['0700.HK', '0700.HK', 'stock', 'XHKG', 'HKD'],
  ['RY.TO', 'RY.TO', 'stock', 'XTSE', 'CAD'],
  ['BHP.AX', 'BHP.AX', 'stock', 'XASX', 'AUD'],
  ['MC.PA', 'MC.PA', 'stock', null, 'EUR'],
  ['EURUSD', 'EURUSD', 'fx', 'FOREX', 'USD'],
  ['EURUSD=X', 'EURUSD', 'fx', 'FOREX', 'USD'],
  ['EUR/USD', 'EURUSD', 'fx', 'FOREX', 'USD'],
  ['EUR-USD', 'EURUSD', 'fx', 'FOREX', 'USD'],
  ['JPY=X', 'USDJPY', 'fx', 'FOREX', 'JPY'],
  ['C:GBPJPY', 'GBPJPY', 'fx', 'FOREX', 'JPY'],
  ['XAUUSD', 'XAUUSD', 'commodity', null, 'USD'],
  ['ES=F', 'ES=F', 'future', 'CMES', 'USD'],
  ['ESH25', 'ESH25', 'future', 'CMES', 'USD'],
  ['NQZ2025', 'NQZ2025', 'future', 'CMES', 'USD'],
  ['6E', '6E', 'future', 'CME_FX', 'USD'],
  ['6EM5', '6EM5', 'future', 'CME_FX', 'USD'],
  ['MBTH25', 'MBTH25', 'future', 'CME_CRYPTO', 'USD'],
  ['CL=F', 'CL=F', 'future', null, 'USD'],
  ['QQ=F', 'QQ=F', 'future', null, null],
  ['^GSPC', '^GSPC', 'index', 'XNYS', 'USD'],
  ['^N225', '^N225', 'index', 'XTKS', 'JPY'],
  ['I:SPX', 'I:SPX', 'index', 'XNYS', 'USD'],
  ['^XYZ', '^XYZ', 'index', null, null],
];

for (const [symbol, ...expected] of SETTLED) {
  test(`${symbol} is read as ${expected.join(', ')}`, () => {
    const { settled, says } = classify(symbol);
    assert.ok(settled, says);
    const { tickers, assetClass, calendar, currency } = settled.instrument;
    assert.deepEqual([tickers[0]?.symbol, assetClass, calendar, currency], expected);
    assert.ok(settled.evidence.length > 10);
    if (calendar === null) assert.match(settled.evidence, /no calendar is known/);
  });
}

const SEVERAL: readonly [symbol: string, classes: readonly string[]][] = [
  ['ES', ['future', 'stock']],
  ['CL', ['future', 'stock']],
  ['BTC', ['crypto', 'future', 'stock']],
  ['SOL', ['crypto', 'stock']],
  ['OPBTC', ['crypto', 'stock']],
];

for (const [symbol, classes] of SEVERAL) {
  test(`${symbol} can be several things, and says so`, () => {
    const { readings, settled, says } = classify(symbol);
    assert.deepEqual(
      readings.map(r => r.instrument.assetClass),
      classes,
    );
    assert.equal(settled, undefined);
    assert.ok(says.startsWith(`${symbol} can be read in ${classes.length} ways: `));
  });
}

test('what only looks like a pair is a reading, but not a sure one', () => {
  const { readings, settled } = classify('QWXYUSD');
  assert.deepEqual([readings.length, readings[0]?.sure, settled], [1, false, undefined]);
  assert.match(readings[0]?.evidence ?? '', /QWXY is not among those known/);
});

test('what nobody can read has no reading', () => {
  for (const symbol of ['ABCDEFG', '12345', 'A.XYZ', 'USD=X', '', '../x', 'FOO.ZZ']) {
    assert.deepEqual(classify(symbol).readings, [], symbol);
    assert.match(classify(symbol).says, /cannot be told from its form/);
  }
});

test('the rules name only calendars that are there', () => {
  const calendars = readCalendars();
  const named = [...SETTLED.map(([symbol]) => symbol), ...Object.keys(SUFFIXES).map(s => `ABC.${s}`)];
  for (const symbol of named)
    for (const { instrument } of classify(symbol).readings)
      if (instrument.calendar !== null) assert.ok(calendars.find(instrument.calendar), `${symbol}: ${instrument.calendar}`);
});

test('providers are told what they call it', () => {
  const names = (symbol: string) => classify(symbol).readings[0]?.instrument.providers;
  assert.deepEqual(names('SOL/USD'), { yahoo: 'SOL-USD', polygon: 'X:SOLUSD', tiingo: 'solusd', alpaca: 'SOL/USD' });
  assert.equal(names('SOLUSDT')?.binance, 'SOLUSDT');
  assert.equal(names('SOLUSDT')?.yahoo, undefined);
  assert.deepEqual([names('BRK.B')?.yahoo, names('BRK-B')?.polygon], ['BRK-B', 'BRK.B']);
  assert.deepEqual([names('EURUSD')?.yahoo, names('EURUSD')?.polygon], ['EURUSD=X', 'C:EURUSD']);
  assert.equal(names('6E')?.yahoo, '6E=F');
});

test('any text is read without an error, and a sure single reading is the only settled one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Z0-9.=^:/-]{1,12}$/)), symbol => {
      const { readings, settled } = classify(symbol);
      assert.equal(settled !== undefined, readings.length === 1 && readings[0]?.sure === true);
      for (const { evidence, instrument } of readings) assert.ok(evidence.length > 0 && instrument.id.includes('/'));
    }),
    { numRuns: 500 },
  );
});

const LISTED: Instrument = {
  id: 'es-energy',
  name: 'Eversource Energy',
  assetClass: 'stock',
  calendar: 'XNYS',
  currency: null,
  tick: null,
  tickers: [{ symbol: 'ES', from: null, to: null }],
  also: [],
  providers: {},
  firstTrade: null,
  lastTrade: null,
};

test('what is listed is no longer ambiguous', () => {
  const { settled } = classify('ES', createInstruments([LISTED]));
  assert.deepEqual([settled?.instrument.id, settled?.listed], ['es-energy', true]);
});

test('a provider fills in what is not known and overrules nothing', () => {
  const told = withTold(LISTED, { name: 'Other', calendar: 'XLON', currency: 'USD', firstTrade: { date: 1, knownFrom: 'a provider' } });
  assert.deepEqual([told.name, told.calendar, told.currency], ['Eversource Energy', 'XNYS', 'USD']);
  assert.deepEqual(told.firstTrade, { date: 1, knownFrom: 'a provider' });
});

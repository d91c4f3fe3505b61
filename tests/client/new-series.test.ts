/** What a new symbol is taken for: listed, read by its form, said by a person, or refused with the readings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, type Told } from '../../src/client/facts/new-series.js';
import { readInstruments } from '../../src/instruments.js';
import { isTapekeepError } from '../../src/model/errors.js';

const instruments = readInstruments();
const kind = (symbol: string, told: Partial<Told> = {}) => {
  const { assetClass, calendar } = kindOf(symbol, instruments, { provider: 'elsewhere', ...told });
  return [assetClass, calendar];
};
const simulated = { provider: 'simulated' };

test('a symbol that is listed is what the list says, with any provider', () => {
  for (const provider of ['simulated', 'elsewhere']) {
    assert.deepEqual(kind('AAPL', { provider }), ['stock', 'XNAS']);
    assert.deepEqual(kind('EUR/USD', { provider }), ['fx', 'FOREX']);
    assert.deepEqual(kind('BTCUSDT', { provider }), ['crypto', undefined]);
  }
});

test('a symbol that is not listed is read by its form', () => {
  assert.deepEqual(kind('VOD.L'), ['stock', 'XLON']);
  assert.deepEqual(kind('IBM'), ['stock', 'XNYS']);
  assert.deepEqual(kind('NQ=F', simulated), ['future', 'CMES']);
  assert.deepEqual(kind('LTC/USDT'), ['crypto', undefined]);
});

test('what can be read in several ways, or in none, is refused with the readings and the way out', () => {
  const refuses = (symbol: string, told: RegExp, provider?: string) =>
    assert.throws(
      () => kind(symbol, provider === undefined ? {} : { provider }),
      error => {
        assert.ok(isTapekeepError(error, 'USAGE'));
        assert.match(error.message, told);
        assert.match(error.message, /Say it with --class/);
        return true;
      },
    );
  refuses('CL', /2 ways: future: crude oil futures.*; or stock: one to five letters/);
  refuses('SIMBTC', /is not certain: crypto: it ends in BTC/);
  refuses('NOBODYKNOWS', /cannot be told from its form/);
  refuses('META', /Facebook.*Roundhill/, 'simulated');
});

test('what a person says decides, and the calendar of such a reading goes with it', () => {
  assert.deepEqual(kind('CL', { assetClass: 'stock' }), ['stock', 'XNYS']);
  assert.deepEqual(kind('META', { assetClass: 'etf' }), ['etf', 'XNYS']);
  assert.deepEqual(kind('NOBODYKNOWS', { assetClass: 'fx' }), ['fx', undefined]);
  assert.deepEqual(kind('AAPL', { calendar: 'XLON' }), ['stock', 'XLON']);
  assert.deepEqual(kind('AAPL', { assetClass: 'crypto' }), ['crypto', undefined]);
});

test('the simulated exchange trades coins: any other word is one, unless its form says what it is', () => {
  for (const symbol of ['SIMBTC', 'SIMETH', 'NOBODYKNOWS', 'HALF', 'SOL', 'A', 'CL', 'BTC'])
    assert.deepEqual(kind(symbol, simulated), ['crypto', undefined], symbol);
  assert.deepEqual(kind('VOD.L', simulated), ['stock', 'XLON']);
  assert.deepEqual(kind('SIMX', { ...simulated, assetClass: 'stock' }), ['stock', undefined], 'its calendar is not guessed there');
});

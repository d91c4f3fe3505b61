import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { createInstruments, type Instrument, lifeOf } from '../../src/model/instruments.js';
import { interval } from '../../src/model/interval.js';
import type { Series } from '../../src/model/series.js';

const date = (text: string): number => Date.parse(`${text}T00:00Z`);
const day = (at: number): string => (Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : String(at));
const series = (symbol: string, assetClass: Series['assetClass'] = 'stock'): Series => ({
  dataset: 'main',
  assetClass,
  symbol,
  timeframe: '1d',
});
const ALL = interval(Number.NEGATIVE_INFINITY, date('2026-01-01'));

const instrument = (
  id: string,
  tickers: Instrument['tickers'],
  first: string | null,
  last: string | null,
  more: Partial<Instrument> = {},
): Instrument => ({
  id,
  name: id,
  assetClass: 'stock',
  calendar: 'XNYS',
  currency: 'USD',
  tick: null,
  tickers,
  also: [],
  providers: {},
  firstTrade: first === null ? null : { date: date(first), knownFrom: 'the exchange' },
  lastTrade: last === null ? null : { date: date(last), knownFrom: 'the exchange' },
  ...more,
});
const ticker = (symbol: string, from: string | null = null, to: string | null = null) => ({
  symbol,
  from: from === null ? null : date(from),
  to: to === null ? null : date(to),
});

const OLD = instrument('old-corp', [ticker('REUS')], '1990-01-02', '2005-06-30');
const NEW = instrument('new-corp', [ticker('FORM', null, '2011-12-31'), ticker('REUS', '2012-01-01')], '2008-03-03', null);
const table = createInstruments([OLD, NEW]);
const told = (found: ReturnType<typeof lifeOf>) => found && [found.instrument.id, day(found.from), day(found.to)];

test('a ticker that was used again means the last one that had it, and its past under another name', () => {
  assert.deepEqual(told(lifeOf(table, series('REUS'), ALL, undefined)), ['new-corp', '2008-03-03', 'Infinity']);
  assert.deepEqual(
    told(lifeOf(table, series('FORM'), ALL, undefined)),
    ['new-corp', '2008-03-03', '2012-01-01'],
    'a ticker it gave up ends',
  );
});

test('where only the time of an earlier one is wanted, it is that one', () => {
  const nineties = interval(date('1995-01-01'), date('1996-01-01'));
  assert.deepEqual(told(lifeOf(table, series('REUS'), nineties, undefined)), ['old-corp', '1990-01-02', '2005-07-01']);
});

test('a table stays with the company whose bars it holds, and refuses those of another', () => {
  const stored = interval(date('1995-01-03'), date('2005-06-30') + 1);
  assert.deepEqual(told(lifeOf(table, series('REUS'), ALL, stored)), ['old-corp', '1990-01-02', '2005-07-01']);
  assert.throws(
    () => lifeOf(table, series('REUS'), interval(date('2020-01-01'), date('2021-01-01')), stored),
    error => {
      assert.ok(isTapekeepError(error, 'TICKER_REUSED'));
      assert.match(error.message, /REUS 1d holds the bars of old-corp.* belonged to new-corp/);
      return true;
    },
  );
});

test('the past of a company ends where another one had its ticker', () => {
  const between = instrument('between', [ticker('REUS')], '2009-01-02', '2010-12-31');
  assert.deepEqual(told(lifeOf(createInstruments([OLD, between, NEW]), series('REUS'), ALL, undefined)), [
    'new-corp',
    '2011-01-01',
    'Infinity',
  ]);
});

test('what is not listed, or is of another class, has no bounds', () => {
  assert.equal(lifeOf(table, series('ZZZZ'), ALL, undefined), undefined);
  assert.equal(lifeOf(table, series('REUS', 'crypto'), ALL, undefined), undefined);
});

test('the evidence names the instrument, the dates, and where they are known from', () => {
  assert.equal(
    lifeOf(createInstruments([OLD]), series('REUS'), ALL, undefined)?.evidence,
    'the list of instruments: old-corp, first traded 1990-01-02 (the exchange), last traded 2005-06-30 (the exchange)',
  );
});

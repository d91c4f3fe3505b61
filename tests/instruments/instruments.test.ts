import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendars } from '../../src/calendars.js';
import { instrumentsFrom, readInstruments } from '../../src/instruments.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { classify, instrumentAt } from '../../src/model/instruments.js';

const own = readInstruments();
const date = (text: string): number => Date.parse(text);

test('the instruments that come with the program are read, and each names a calendar that is there', () => {
  const calendars = readCalendars();
  assert.ok(own.all.length >= 10);
  for (const { id, calendar } of own.all) assert.ok(calendar !== null && calendars.find(calendar), `${id}: ${calendar}`);
});

test('a symbol is found by its ticker, by another spelling, and by what a provider calls it', () => {
  for (const symbol of ['BTC-USD', 'BTCUSD', 'BTC/USD', 'X:BTCUSD', 'bitcoin', 'btcusd']) {
    const found = classify(symbol, own);
    assert.equal(found.settled?.instrument.id, 'btc-usd', symbol);
    assert.equal(found.settled?.listed, true);
  }
  assert.equal(classify('BTCUSDT', own).settled?.instrument.id, 'btc-usdt', 'dollars and Tether are two instruments');
  assert.equal(own.byId('btc-usdt')?.firstTrade?.date, date('2017-08-17'));
  assert.match(own.byId('btc-usdt')?.firstTrade?.knownFrom ?? '', /Binance/);
});

test('a ticker that was used again does not join two instruments', () => {
  assert.equal(instrumentAt(own, 'META', date('2021-12-01'))?.id, 'roundhill-metaverse-etf');
  assert.equal(instrumentAt(own, 'META', date('2022-01-30'))?.id, 'roundhill-metaverse-etf');
  assert.equal(instrumentAt(own, 'META', date('2022-03-01')), undefined);
  assert.equal(instrumentAt(own, 'META', date('2022-06-09'))?.id, 'meta-platforms');
  assert.equal(instrumentAt(own, 'FB', date('2022-06-08'))?.id, 'meta-platforms');
  assert.equal(instrumentAt(own, 'FB', date('2022-06-09')), undefined);
  const years = { from: date('2021-01-01'), to: date('2024-01-01') };
  assert.deepEqual(
    own.holdings('META', years).map(h => [h.instrument.id, h.from, h.to]),
    [
      ['roundhill-metaverse-etf', date('2021-06-30'), date('2022-01-31')],
      ['meta-platforms', date('2022-06-09'), date('2024-01-01')],
    ],
  );
});

test('without a date a reused ticker has two readings; on a date, one; on a date of neither, none', () => {
  const open = classify('META', own);
  assert.equal(open.readings.length, 2);
  assert.equal(open.settled, undefined);
  assert.match(open.says, /META can be read in 2 ways: .*meta-platforms.*; or .*roundhill-metaverse-etf/);
  assert.equal(classify('META', own, date('2023-01-03')).settled?.instrument.id, 'meta-platforms');
  assert.match(classify('META', own, date('2022-03-01')).says, /nothing listed was called META on that date/);
});

test('nothing is traded before the first date or after the last', () => {
  assert.equal(instrumentAt(own, 'TWTR', date('2022-10-27'))?.id, 'twitter');
  assert.equal(instrumentAt(own, 'TWTR', date('2022-10-28')), undefined);
  assert.equal(instrumentAt(own, 'AAPL', date('1980-12-11')), undefined);
  assert.equal(instrumentAt(own, 'BTCUSDT', date('2017-08-16')), undefined);
});

const entry = (more: string, id = 'one') => `  - id: ${id}\n    name: One\n    asset_class: stock\n    ${more}\n`;

const WRONG: readonly [what: string, text: string, line: number, reason: RegExp][] = [
  ['broken YAML', 'instruments: [\n', 2, /./],
  ['no list', 'instrument: []\n', 1, /instruments/],
  ['an unknown field', `instruments:\n${entry('tickers: [A]\n    tik: 1')}`, 6, /there is no field tik/],
  ['an unknown asset class', 'instruments:\n  - id: one\n    name: One\n    asset_class: stocks\n    tickers: [A]\n', 4, /asset_class/],
  [
    'a date that does not exist',
    `instruments:\n${entry('tickers: [A]\n    first_trade: {date: 2023-02-30, known_from: x}')}`,
    6,
    /a date such as/,
  ],
  ['a first trade from nowhere', `instruments:\n${entry('tickers: [A]\n    first_trade: {date: 2023-02-28}')}`, 6, /known_from/],
  [
    'a ticker used to before from',
    `instruments:\n${entry('tickers: [{symbol: A, from: 2023-01-02, to: 2023-01-01}]')}`,
    5,
    /not used to before/,
  ],
  ['a tick of nothing', `instruments:\n${entry('tickers: [A]\n    tick: 0')}`, 6, /tick/],
  ['a symbol that leaves the folder', `instruments:\n${entry('tickers: [../A]')}`, 5, /./],
  ['one id twice', `instruments:\n${entry('tickers: [A]')}${entry('tickers: [B]')}`, 6, /the id one is there twice/],
  [
    'one ticker for two at one time',
    `instruments:\n${entry('tickers: [{symbol: A, to: 2020-01-02}]')}${entry('tickers: [{symbol: A, from: 2020-01-02}]', 'two')}`,
    6,
    /A also belongs to one at the same time/,
  ],
  ['an alias', `instruments:\n  - &a {id: one, name: One, asset_class: stock, tickers: [A]}\n  - *a\n`, 3, /alias/i],
];

for (const [what, text, line, reason] of WRONG) {
  test(`${what} is refused with its line`, () => {
    assert.throws(
      () => instrumentsFrom('mine.yaml', text),
      error => {
        assert.ok(isTapekeepError(error, 'INSTRUMENTS_INVALID'));
        assert.match(error.message, new RegExp(`^mine\\.yaml:${line}: `));
        assert.match(String(error.facts.reason), reason);
        return true;
      },
    );
  });
}

test('a file that is not there is named', () => {
  assert.throws(() => readInstruments('nowhere.yaml'), /nowhere\.yaml: the instruments cannot be used: there is no such file/);
});

test('a file without an instrument is fine', () => assert.deepEqual(instrumentsFrom('mine.yaml', 'instruments: []\n').all, []));

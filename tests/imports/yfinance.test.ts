/** What yfinance saves, in all the ways that it is saved: headings of one line and of three, one symbol and several. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importScene } from './scene.js';

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const DAYS = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08'];
const five = (values: (i: number) => string): string[] => DAYS.map((day, i) => `${day},${values(i)}`);
/** Close, High, Low, Open, Volume, as yfinance orders them. */
const bar = (i: number): string => `${101 + i},${103 + i},${99 + i},${100 + i},${1000 + i}`;
const named = (symbol: string, columns = 5): string => `Ticker${`,${symbol}`.repeat(columns)}`;

test('a heading of three lines names the values, the symbol and the dates, and every row below it is a row', async t => {
  const { put, take, bars, quarantine } = await importScene(t);
  const lines = ['Price,Close,High,Low,Open,Volume', named('AAPL'), 'Date,,,,,', ...five(bar), 'not-a-date,1,2,0,1,5'];
  const { found, ...done } = await take(await put('prices.csv', text(lines)));
  assert.deepEqual([found.dialect, found.series, found.stamp, found.questions], ['generic', 'AAPL 1d', 'open', []]);
  assert.ok(found.evidence.includes('the line of its heading that names Ticker says AAPL'), found.evidence.join('; '));
  assert.match(found.doubts.join(), /no column Adj Close: yfinance has adjusted its prices .* unless it was told auto_adjust=False/);
  assert.deepEqual([done.rows, done.stored, done.quarantined], [6, 5, 1]);
  const [first] = await bars();
  assert.deepEqual([first?.open, first?.high, first?.low, first?.close, first?.volume], [100, 103, 99, 101, 1000]);
  assert.deepEqual(
    (await quarantine()).map(({ line, column }) => [line, column]),
    [[9, 1]],
  );
});

test('its bar of today may still be running', async t => {
  const { put, take } = await importScene(t);
  const lines = ['Price,Close,High,Low,Open,Volume', named('AAPL'), 'Date,,,,,', ...five(bar)];
  const { rows, stored, quarantined, last } = await take(await put('prices.csv', text(lines)), { keepLast: false });
  assert.deepEqual([rows, stored, quarantined, last], [5, 4, 1, '2024-01-05T00:00:00.000Z']);
});

test('minutes say their offset, and are those of the open', async t => {
  const { put, take } = await importScene(t);
  const rows = Array.from({ length: 30 }, (_, i) => `2024-01-02 14:${30 + i}:00+00:00,${bar(i)}`);
  const file = await put('prices.csv', text(['Price,Close,High,Low,Open,Volume', named('AAPL'), 'Datetime,,,,,', ...rows]));
  const { found, stored, first } = await take(file);
  assert.deepEqual([found.series, found.zone, found.stamp, found.questions], ['AAPL 1m', 'UTC', 'open', []]);
  assert.deepEqual([stored, first], [30, '2024-01-02T14:30:00.000Z']);
});

test('by ticker first, as older versions and as pandas-datareader saved it, it is the same', async t => {
  const { put, take } = await importScene(t);
  for (const [i, head] of [
    [named('AAPL'), 'Price,Close,High,Low,Open,Volume', 'Date,,,,,'],
    [',Close,High,Low,Open,Volume', ',AAPL,AAPL,AAPL,AAPL,AAPL', 'Date,,,,,'],
    ['Attributes,Close,High,Low,Open,Volume', 'Symbols,AAPL,AAPL,AAPL,AAPL,AAPL', 'Date,,,,,'],
  ].entries()) {
    const { found, stored } = await take(await put('prices.csv', text([...head, ...five(bar)])), { dataset: `by-${i}` });
    assert.deepEqual([found.symbol, found.timeframe, found.questions, stored], ['AAPL', '1d', [], 5]);
  }
});

test('several symbols in one table are told with their place and how to save them one by one, and nothing of them is taken', async t => {
  const { put, take, store } = await importScene(t);
  const twice = (i: number): string => bar(i).replaceAll(/[^,]+/g, '$&,7');
  const head = ['Price,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume', `Ticker${',AAPL,MSFT'.repeat(5)}`, `Date${','.repeat(10)}`];
  await assert.rejects(
    take(await put('prices.csv', text([...head, ...five(twice)]))),
    /prices\.csv.*: line 2, column 3: it holds 2 symbols, AAPL, MSFT\. One file holds one series: .*df\.xs\('AAPL', axis=1, level='Ticker'\)\.to_csv\('AAPL\.csv'\)/,
  );
  const by = [`Ticker${',AAPL'.repeat(5)}${',MSFT'.repeat(5)}`, `Price${',Open,High,Low,Close,Volume'.repeat(2)}`, `Date${','.repeat(10)}`];
  await assert.rejects(take(await put('prices.csv', text([...by, ...five(twice)]))), /line 1, column 7: it holds 2 symbols, AAPL, MSFT\./);
  assert.deepEqual(await store.list(), []);
});

test('Adj Close is told and left out, whatever else the heading is like', async t => {
  const { put, take, bars } = await importScene(t);
  const adjusted = (i: number): string => `${100 + i},${103 + i},${99 + i},${101 + i},${(101 + i) / 2},${1000 + i}`;
  for (const [i, head] of [
    ['Date,Open,High,Low,Close,Adj Close,Volume'],
    ['Price,Open,High,Low,Close,Adj Close,Volume', named('AAPL', 6), 'Date,,,,,,'],
  ].entries()) {
    const dataset = `by-${i}`;
    const { found } = await take(await put('AAPL.csv', text([...head, ...five(adjusted)])), { dataset });
    assert.deepEqual([found.series, found.questions], [`${dataset}:AAPL 1d`, []]);
    assert.match(found.doubts.join(), /a column Adj Close, which is left out/);
    assert.deepEqual(
      (await bars(dataset)).map(({ close }) => close),
      DAYS.map((_, day) => 101 + day),
    );
  }
});

test('days that begin at midnight of the exchange are those days, wherever it lies', async t => {
  const { put, take, bars } = await importScene(t);
  for (const offset of ['-05:00', '+01:00', '+09:00']) {
    const lines = [
      'Date,Open,High,Low,Close,Volume,Dividends,Stock Splits',
      ...DAYS.map(day => `${day} 00:00:00${offset},1,2,0.5,1.5,9,0,0`),
    ];
    const dataset = `at${offset.slice(1, 3)}`;
    const { found } = await take(await put('AAPL.csv', text(lines)), { dataset });
    assert.deepEqual([found.timeframe, found.questions], ['1d', []]);
    assert.deepEqual(
      (await bars(dataset)).map(({ ts }) => new Date(Number(ts)).toISOString().slice(0, 10)),
      DAYS,
    );
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsFromCsv, eventsFromJson } from '../../src/client/events/file.js';
import { isTapekeepError } from '../../src/model/errors.js';

const day = (text: string): number => Date.parse(`${text}T00:00Z`);

test('a CSV file is read in any order of its columns, with ratios as people write them', () => {
  const text =
    '\uFEFFkind,date,currency,value\r\nsplit,2020-08-31,,4:1\r\nDividend,2024-05-10,usd,0.25\r\n\r\nsplit,2014-06-09,,7\nsplit,2003-01-02,,3/2\n';
  assert.deepEqual(eventsFromCsv('a.csv', text), [
    { kind: 'split', date: day('2020-08-31'), ratio: 4, source: 'hand' },
    { kind: 'dividend', date: day('2024-05-10'), amount: 0.25, currency: 'USD', source: 'hand' },
    { kind: 'split', date: day('2014-06-09'), ratio: 7, source: 'hand' },
    { kind: 'split', date: day('2003-01-02'), ratio: 1.5, source: 'hand' },
  ]);
});

test('what the list gives as JSON is taken back', () => {
  const list = [{ kind: 'dividend', date: '2024-05-10', amount: 0.25, currency: 'USD', source: 'yahoo' }];
  const expected = [{ kind: 'dividend', date: day('2024-05-10'), amount: 0.25, currency: 'USD', source: 'hand' }];
  assert.deepEqual(eventsFromJson('a.json', JSON.stringify(list)), expected);
  assert.deepEqual(eventsFromJson('a.json', JSON.stringify({ events: list })), expected);
});

const HEAD = 'date,kind,value,currency';
const REFUSED: readonly [what: string, text: string, reason: RegExp][] = [
  ['a file without the names of its columns', '2024-01-01,split,2,', /a\.csv:1: its first line names the columns/],
  ['a date that does not exist', `${HEAD}\n2024-02-30,split,2,`, /a\.csv:2: its date is none/],
  ['a ratio of nothing', `${HEAD}\n2024-02-01,split,0,`, /a\.csv:2: its ratio is not a number above 0/],
  ['a word for a number', `${HEAD}\n2024-02-01,dividend,much,USD`, /a\.csv:2: its amount/],
  ['a dividend without a currency', `${HEAD}\n2024-02-01,dividend,1`, /a\.csv:2: a dividend has a currency/],
  ['another kind', `${HEAD}\n2024-02-01,spinoff,1,`, /a\.csv:2: "spinoff" is neither split nor dividend/],
  [
    'two dividends on one date',
    `${HEAD}\n2024-02-01,dividend,1,USD\n\n2024-02-01,dividend,2,USD`,
    /a\.csv:4: there is a second dividend on that date; give one with their sum/,
  ],
  ['a cell too many', `${HEAD}\n2024-02-01,dividend,1,000,USD`, /a\.csv:2: it has 5 cells/],
];

for (const [what, text, reason] of REFUSED) {
  test(`${what} is refused with its line`, () => {
    assert.throws(
      () => eventsFromCsv('a.csv', text),
      e => isTapekeepError(e, 'EVENTS_INVALID') && reason.test(e.message),
    );
  });
}

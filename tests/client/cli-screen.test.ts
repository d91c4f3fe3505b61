/** What the command line prints: numbers, tables, bars, and text that came from outside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bar, loadLine, percents } from '../../src/client/screen/bar.js';
import { liveOn } from '../../src/client/screen/live.js';
import { pourTable } from '../../src/client/screen/pour.js';
import { coloured, screenOn } from '../../src/client/screen/screen.js';
import { type Column, fitting, table, titlesOf } from '../../src/client/screen/table.js';
import { fit, jsonText, plain, widthOf } from '../../src/client/screen/text.js';
import { bytes, count, duration, exact, left, many, moment, when } from '../../src/client/screen/words.js';
import { advance, begin, cancel, enter, finish, type Progress, pause, plan } from '../../src/model/progress.js';

test('counts, sizes and times read as people write them', () => {
  assert.deepEqual([0, 999, 1_000, 1_234_567].map(count), ['0', '999', '1,000', '1,234,567']);
  assert.deepEqual([many(1, 'bar'), many(0, 'bar'), many(20_000, 'bar')], ['1 bar', '0 bars', '20,000 bars']);
  assert.deepEqual([0, 999, 1_000, 999_499, 999_500, 8_214_889, 3e12].map(bytes), [
    '0 B',
    '999 B',
    '1.0 kB',
    '999 kB',
    '1.0 MB',
    '8.2 MB',
    '3.0 TB',
  ]);
  assert.deepEqual([-5, 400, 9_949, 42_000, 185_000, 7_800_000, 97 * 3_600_000].map(duration), [
    '0.0 s',
    '0.4 s',
    '9.9 s',
    '42 s',
    '3 min 5 s',
    '2 h 10 min',
    '4 d 1 h',
  ]);
  assert.deepEqual([-1, 1_400, 1_600, 59_999, 100_000, 3_700_000].map(left), ['1 s', '1 s', '2 s', '60 s', '2 min', '1 h 2 min']);
  assert.deepEqual([null, Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 1, 12, 5)].map(moment), ['-', '2024-01-01', '2024-01-01T12:05Z']);
  assert.equal(when(Date.UTC(2024, 0, 1, 12, 5, 9, 123)), '2024-01-01 12:05:09Z');
});

test('a price is printed to its last digit, without an exponent', () => {
  const prices = [0.1 + 0.2, 1e-7, 1.5e-10, 6.02e23, -2.5e-8, 157540.43359375, 42, Number.MIN_VALUE];
  for (const price of prices) {
    assert.equal(Number(exact(price)), price);
    assert.doesNotMatch(exact(price), /e/);
  }
  assert.equal(exact(null), '-');
});

interface Stored {
  readonly name: string;
  readonly rows: number;
  readonly by: string;
}
const STORED: readonly Column<Stored>[] = [
  { title: 'name', of: r => r.name },
  { title: 'rows', of: r => count(r.rows), right: true, spare: 1 },
  { title: 'by', of: r => r.by, spare: 2 },
];
const TWO: readonly Stored[] = [
  { name: 'BTCUSDT', rows: 5, by: 'cli' },
  { name: 'ETHUSDT', rows: 12_345, by: 'daemon' },
];

test('what a narrow terminal has no room for goes, what can be spared first; what is needed stays', () => {
  const shown = (room: number) => titlesOf(fitting(STORED, TWO, room)).join();
  assert.deepEqual([Number.POSITIVE_INFINITY, 23, 22, 15, 14, 3].map(shown), [
    'name,rows,by',
    'name,rows,by',
    'name,rows',
    'name,rows',
    'name',
    'name',
  ]);
});

test('a table on a narrow terminal says what it left out; in a pipe nothing is left out', async () => {
  const printed = async (terminal: { isTTY: boolean; columns: number }) => {
    let text = '';
    const write = (more: string): boolean => {
      text += more;
      return true;
    };
    const out = { ...terminal, write } as unknown as NodeJS.WriteStream;
    const screen = screenOn(out, out, { NO_COLOR: '1' });
    screen.table(STORED, TWO);
    const whole = text;
    text = '';
    assert.equal(await pourTable(screen, STORED, [TWO, [{ name: 'SOLUSDT', rows: 1, by: 'somebody else' }]]), 3);
    return [whole.split('\n'), text.split('\n')];
  };
  const narrow = await printed({ isTTY: true, columns: 20 });
  assert.deepEqual(narrow, [
    ['name       rows', 'BTCUSDT       5', 'ETHUSDT  12,345', 'A wider terminal also shows: by.', ''],
    ['name       rows', 'BTCUSDT       5', 'ETHUSDT  12,345', 'SOLUSDT       1', 'A wider terminal also shows: by.', ''],
  ]);
  const piped = await printed({ isTTY: false, columns: 20 });
  assert.deepEqual(
    piped.map(all => all[0]),
    ['name       rows  by', 'name       rows  by'],
  );
  assert.ok(!piped.flat().some(line => line.includes('wider')));
});

test('a table has its words to the left, its numbers to the right, and no line ends in spaces', () => {
  const rows = [
    { name: 'BTCUSDT', n: 5, note: '' },
    { name: 'X', n: 12_345, note: 'new' },
  ];
  const lines = table(
    [
      { title: 'name', of: r => r.name },
      { title: 'rows', of: r => count(r.n), right: true },
      { title: 'note', of: r => r.note },
    ],
    rows,
  );
  assert.deepEqual(lines, ['name       rows  note', 'BTCUSDT       5', 'X        12,345  new']);
});

test('what a terminal would obey is taken out or made visible', () => {
  const evil = '\u001b[31mred\u001b[0m\u001b]0;title\u0007\nsecond\tline \u202egnol\u0000\u009b2J';
  assert.doesNotMatch(plain(evil), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  assert.match(plain(evil), /red.*second line/);
  const json = jsonText({ evil });
  assert.doesNotMatch(json, /[\u0000-\u001f\u007f-\u009f\u202e]/);
  assert.deepEqual(JSON.parse(json), { evil });
});

test('text is cut where the terminal ends, by what it takes on screen', () => {
  assert.deepEqual([widthOf('abc'), widthOf('日本'), widthOf('e\u0301')], [3, 4, 1]);
  assert.equal(fit('abcdef', 6), 'abcdef');
  assert.equal(fit('abcdef', 4), 'abc…');
  assert.ok(widthOf(fit('日本語日本語', 5)) <= 5);
});

test('a bar is as wide as it says, empty at 0 and full at 100, whatever it is told', () => {
  for (const percent of [0, 0.4, 33.3, 50, 99.99, 100, 140, -3, Number.NaN]) assert.equal([...bar(percent, 16)].length, 16);
  assert.equal(bar(0, 4), '░░░░');
  assert.equal(bar(100, 4), '████');
  assert.equal(bar(50, 4), '██░░');
  assert.equal(percents(99.99), '99 %');
});

const T0 = Date.UTC(2024, 0, 1);
const fetching = (): Progress => {
  const begun = plan(begin('Loading BTCUSDT 1m', { fetch: 100 }, T0), { fetch: 100 }, 60_000, T0);
  return advance(
    enter(begun, 'fetch', { words: 'Fetching 4 segments of BTCUSDT 1m from simulated', items: 4 }, T0),
    2,
    30_000,
    T0 + 10_000,
  );
};

test('a running load tells its bar, its bars, the time that is left and what it does', () => {
  const line = loadLine({ name: 'BTCUSDT 1m', progress: fetching() }, 12, 130, T0 + 10_000);
  assert.match(line, /^BTCUSDT 1m {4}█{12}░{12} {2}50 % {2}30,000 of 60,000 bars {2}10 s left {2}Fetching 4 segments/);
});

test('a load that rests, was cancelled, is done or has a hindrance says so', () => {
  const told = (progress: Progress, note?: string) => loadLine({ name: 'X 1m', progress, note }, 4, 130, T0 + 10_000);
  assert.match(told(pause(fetching(), 'lunch', T0)), /paused: lunch/);
  assert.match(told(cancel(fetching(), 'no', T0)), /cancelled/);
  assert.match(told(finish(fetching(), T0)), /100 %.*done/);
  assert.match(told(fetching(), 'tried again: no answer'), /tried again: no answer/);
  assert.match(loadLine({ name: 'X 1m', progress: undefined }, 4, 80, T0), /X 1m {2}waiting/);
});

test('no line is wider than the terminal, however narrow it is', () => {
  for (const columns of [20, 40, 60, 80, 200]) {
    assert.ok(widthOf(loadLine({ name: 'BTCUSDT 1m', progress: fetching() }, 10, columns, T0)) <= columns);
  }
});

test('live lines are drawn in place, are no more than the terminal holds, and go away', () => {
  let screen = '';
  const live = liveOn({ write: text => (screen += text), columns: 30, rows: 4 });
  live.show(['a', 'b']);
  live.show(['c'.repeat(60), 'd', 'e', 'f', 'g']);
  assert.match(screen, /\u001b\[2A/, 'the second drawing begins two lines up');
  assert.match(screen, /and 3 more/);
  assert.ok(screen.split('\n').every(line => widthOf(plain(line).trim()) < 30));
  live.clear();
  assert.ok(screen.endsWith('\u001b[?25h'), 'the cursor is there again');
});

test('colours are for terminals that want them', () => {
  assert.equal(coloured({ isTTY: true }, {}), true);
  assert.equal(coloured({}, {}), false);
  assert.equal(coloured({ isTTY: true }, { NO_COLOR: '1' }), false);
  assert.equal(coloured({ isTTY: true }, { TERM: 'dumb' }), false);
});

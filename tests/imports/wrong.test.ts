/** Files as people really have them: each fault is seen, told with its line and column, and no row is lost. */
import assert from 'node:assert/strict';
import { appendFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isVerified } from '../../src/client/quality/trend.js';
import type { ImportGiven } from '../../src/model/import.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { attemptOf } from '../activities/world.js';
import { importScene } from './scene.js';
import { packedZipOf, zipOf } from './zip.js';

const T0 = Date.UTC(2024, 0, 2);
const two = (n: number) => String(n).padStart(2, '0');
const clock = (at: number, date = '-') => {
  const d = new Date(at);
  return `${d.getUTCFullYear()}${date}${two(d.getUTCMonth() + 1)}${date}${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
};
const row = (i: number, delimiter = ',', say: (n: number) => string = String): string =>
  [clock(T0 + i * MINUTE), ...[100 + i / 4, 101 + i / 4, 99 + i / 4, 100.5 + i / 4].map(say), say(10 + i)].join(delimiter);
const rows = (count: number, delimiter?: string, say?: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => row(i, delimiter, say));
const HEADING = 'time,open,high,low,close,volume';
const UTC = { given: { zone: 'UTC', stamp: 'open' as const } };
const text = (lines: readonly string[], end = '\n') => lines.join(end) + end;

const NAME = 'BTCUSDT_1m.csv';

for (const [what, content] of [
  ['a byte order mark', `\uFEFF${text([HEADING, ...rows(50)])}`],
  ['UTF-16', Buffer.from(`\uFEFF${text([HEADING, ...rows(50)])}`, 'utf16le')],
  ['UTF-16 the other way round, without a mark', Buffer.from(text([HEADING, ...rows(50)]), 'utf16le').swap16()],
  ['CR and LF', text([HEADING, ...rows(50)], '\r\n')],
  ['only CR', text([HEADING, ...rows(50)], '\r')],
  ['semicolons', text([HEADING.replaceAll(',', ';'), ...rows(50, ';')])],
  ['tabs', text([HEADING.replaceAll(',', '\t'), ...rows(50, '\t')])],
  ['a decimal comma', text([HEADING.replaceAll(',', ';'), ...rows(50, ';', n => n.toFixed(2).replace('.', ','))])],
  [
    'quotes around everything',
    text(
      [HEADING, ...rows(50)].map(line =>
        line
          .split(',')
          .map(f => `"${f}"`)
          .join(','),
      ),
    ),
  ],
  ['the newest row first', text([HEADING, ...rows(50).reverse()])],
  ['no order at all', text([HEADING, ...rows(50).sort((a, b) => a.length - b.length || (a < b ? 1 : -1))])],
  ['empty lines', text([HEADING, ...rows(50).flatMap(line => [line, ''])])],
  ['no line break at the end', text([HEADING, ...rows(50)]).trimEnd()],
  ['a title above the heading', text(['Prices of today', HEADING, ...rows(50)])],
  ['a delimiter at the end of each row', text([HEADING, ...rows(50)].map(line => `${line},`))],
] as const) {
  test(`${what}: all 50 bars are taken as they are`, async t => {
    const { put, take, bars } = await importScene(t);
    const { rows: read, stored, quarantined } = await take(await put(NAME, content), UTC);
    assert.deepEqual([read, stored, quarantined], [50, 50, 0]);
    const taken = await bars();
    assert.deepEqual([taken.length, taken[0]?.close, taken[49]?.high, taken[49]?.volume], [50, 100.5, 101 + 49 / 4, 59]);
  });
}

test('thousands marks, signs of currency and units are read as what they mean', async t => {
  const { put, take, bars } = await importScene(t);
  const line = (i: number) =>
    `"${clock(T0 + i * MINUTE)}","$16,${100 + i}.50","$16,${200 + i}.00","$16,${100 + i}.00","$16,${150 + i}.25","1.5K"`;
  await take(await put(NAME, text([HEADING, ...Array.from({ length: 20 }, (_, i) => line(i))])), UTC);
  const [first] = await bars();
  assert.deepEqual([first?.open, first?.close, first?.volume], [16100.5, 16150.25, 1500]);
});

for (const [what, at, wrong, line, column, says] of [
  ['a cell that is no number', 10, row(10).replace('102.5', 'abc'), 12, 2, /"abc" is no open/],
  ['a time that is none', 10, row(10).replace('2024-01-02', '2024-13-02'), 12, 1, /is no time/],
  ['a row that is cut', 49, row(49).slice(0, 22), 51, 2, /the row has 2 fields, 6 were expected/],
  ['a row with more fields than the heading', 10, `${row(10)},7,8`, 12, 7, /the row has 8 fields, 6 were expected/],
  ['the heading once more', 10, HEADING, 12, 1, /"time" is no time/],
  ['a row without a close', 10, row(10).replace(/,[^,]*,([^,]*)$/, ',,$1'), 12, 5, /no close/],
  ['a line of another kind', 10, 'end of data', 12, 1, /the row has 1 fields/],
  ['a row with another delimiter', 10, row(10, ';'), 12, 1, /the row has 1 fields, 6 were expected/],
  ['a close that is NaN', 10, row(10).replace(/,[^,]*,([^,]*)$/, ',NaN,$1'), 12, 5, /states no close/],
] as const) {
  test(`${what} is set aside with its line and column, and the others are taken`, async t => {
    const { put, take, quarantine } = await importScene(t);
    const lines = rows(50);
    lines[at] = wrong;
    const done = await take(await put(NAME, text([HEADING, ...lines])), UTC);
    assert.deepEqual([done.rows, done.stored, done.quarantined], [50, 49, 1]);
    const [aside, ...more] = await quarantine();
    assert.equal(more.length, 0);
    assert.deepEqual([aside?.reason, aside?.line, aside?.column], ['unreadable', line, column]);
    assert.match(String(aside?.says), says);
    assert.equal(aside?.row, wrong);
  });
}

for (const [what, change, column] of [
  ['a negative price', (r: string) => r.replace(/,.*$/, ',1,2,-1,1,5'), 4],
  ['a price of zero', (r: string) => r.replace(/,.*$/, ',0,0,0,0,5'), 2],
  ['a high below the low', (r: string) => r.replace(/^([^,]+),.*$/, '$1,10,5,9,8,1'), 3],
  ['a negative volume', (r: string) => r.replace(/,[^,]*$/, ',-3'), 6],
] as const) {
  test(`${what} is set aside as a bar that cannot be right`, async t => {
    const { put, take, quarantine } = await importScene(t);
    const lines = rows(50).map((line, i) => (i === 20 ? change(line) : line));
    const done = await take(await put(NAME, text([HEADING, ...lines])), UTC);
    assert.deepEqual([done.rows, done.stored, done.quarantined], [50, 49, 1]);
    const [aside, ...more] = await quarantine();
    assert.deepEqual([aside?.reason, aside?.of, more.length], ['nonsense', { line: 22, column }, 0]);
    assert.match(String(aside?.says), new RegExp(`^line 22, column ${column}: bar 2024-01-02T00:20`));
  });
}

test('a quoted field may hold a line break; the lines behind it are still counted right', async t => {
  const { put, take, quarantine } = await importScene(t);
  const heading = `${HEADING},note`;
  const lines = rows(30).map((line, i) => `${line},${i === 5 ? '"two\nlines"' : 'x'}`);
  lines[20] = lines[20]?.replace(/,[^,]*/, ',oops') as string;
  const done = await take(await put(NAME, text([heading, ...lines])), UTC);
  assert.deepEqual([done.rows, done.stored, done.quarantined], [30, 29, 1]);
  assert.equal((await quarantine())[0]?.line, 23);
});

test('rows that are there twice and agree are one; of two that differ one stays and the other is set aside', async t => {
  const { put, take, quarantine } = await importScene(t);
  const lines = [...rows(20), row(3), row(5).replace(/,[^,]*$/, ',999')];
  const done = await take(await put(NAME, text([HEADING, ...lines])), UTC);
  assert.deepEqual([done.rows, done.stored, done.equal, done.quarantined], [22, 20, 1, 1]);
  const [aside, ...more] = await quarantine();
  assert.deepEqual([aside?.reason, aside?.of, more.length], ['double', { line: 23, column: 1 }, 0]);
  assert.match(String(aside?.says), /^line 23, column 1: bar .*: another row of the file has its time and says otherwise/);
});

test('what a stored bar says stays, and the row that says otherwise is set aside; with replace it takes its place', async t => {
  const { put, take, quarantine, bars } = await importScene(t);
  await take(await put(NAME, text([HEADING, ...rows(20)])), UTC);
  const revised = await put(
    'more/BTCUSDT_1m.csv',
    text([HEADING, ...rows(25).map((r, i) => (i === 4 ? r.replace(/,[^,]*$/, ',777') : r))]),
  );
  const kept = await take(revised, UTC);
  assert.deepEqual([kept.rows, kept.stored, kept.equal, kept.quarantined], [25, 5, 19, 1]);
  const [aside, ...more] = await quarantine();
  assert.deepEqual([aside?.reason, aside?.of, more.length], ['differs', { line: 6, column: 1 }, 0]);
  assert.equal((await bars())[4]?.volume, 14);
  const replaced = await take(revised, { ...UTC, overlap: 'replace', again: true });
  assert.deepEqual([replaced.stored, replaced.equal, replaced.quarantined], [1, 24, 0]);
  assert.equal((await bars())[4]?.volume, 777);
});

test('the same file twice changes nothing, and is known by its content', async t => {
  const { put, take, store } = await importScene(t);
  const file = await put(NAME, text([HEADING, ...rows(20)]));
  await take(file, UTC);
  const again = await take(file, UTC);
  assert.deepEqual([again.known, again.rows, again.stored], [true, 0, 0]);
  const [series] = await store.list();
  assert.equal((await store.open(series as NonNullable<typeof series>)).snapshot.version, 0);
});

test('the same bytes a second time verify nothing, under another name neither, nor do rows that a file repeats; another file does', async t => {
  const { put, take, look, orderOf, steps, store } = await importScene(t);
  const verified = async () => {
    const [series] = await store.list();
    return isVerified({ tables: store as never }, series as NonNullable<typeof series>);
  };
  // In stretches of ten: rows that come again come in another stretch than before.
  const whole = text([HEADING, ...rows(20), ...rows(30)]);
  const file = await put(NAME, whole);
  const cut = orderOf(file, { ...UTC, batchBars: 10 });
  const { note } = await look(cut);
  const taken = await attemptOf(steps.importTake, cut, note, null).result;
  const batch = { number: 0, taken: [taken.note], goesOn: true, landed: [] };
  const { proposal } = await attemptOf(steps.importMerge, cut, note, batch).result;
  await attemptOf(steps.commit, { load: cut.id }, proposal).result;

  const rest = await take(file, { ...UTC, batchBars: 25 });
  assert.deepEqual([rest.stored, rest.equal, rest.compared], [20, 30, 0], 'a file that was cancelled on the way');
  const again = await take(file, { ...UTC, again: true });
  assert.deepEqual([again.stored, again.equal, again.compared], [0, 50, 0]);
  const copy = await take(await put('copy/BTCUSDT, 1m.csv', whole), { ...UTC, again: true });
  assert.deepEqual([copy.stored, copy.equal, copy.compared], [0, 50, 0]);
  assert.equal(await verified(), false);
  const later = await take(await put('later/BTCUSDT_1m.csv', text([HEADING, ...rows(35)])), UTC);
  assert.deepEqual([later.stored, later.equal, later.compared], [5, 30, 30]);
  assert.equal(await verified(), true);
});

test('a dry run tells what would be stored, and there is no table', async t => {
  const { put, take, store } = await importScene(t);
  const done = await take(await put(NAME, text([HEADING, ...rows(20)])), { ...UTC, dryRun: true });
  assert.deepEqual([done.rows, done.stored], [20, 20]);
  assert.deepEqual(await store.list(), []);
});

test('what a dry run has in staging is there until it is over, whoever sweeps', async t => {
  const { put, look, orderOf, steps, store } = await importScene(t);
  const order = orderOf(await put(NAME, text([HEADING, ...rows(20)])), { ...UTC, dryRun: true });
  const { note } = await look(order);
  assert.deepEqual((await store.sweep()).removed, []);
  const taken = await attemptOf(steps.importTake, order, note, null).result;
  assert.deepEqual((await store.sweep()).removed, []);
  const { stored } = await attemptOf(steps.importMerge, order, note, { number: 0, taken: [taken.note], landed: [] }).result;
  assert.equal(stored, 20);
  await attemptOf(steps.close, [order.id]).result;
  assert.deepEqual((await store.openLoads()).loads, []);
});

test('a file of which only the beginning was taken is not known: it is read again, and then it is', async t => {
  const { put, take, look, orderOf, steps } = await importScene(t);
  const file = await put(NAME, text([HEADING, ...rows(20)]));
  const order = orderOf(file, { ...UTC, batchBars: 10 });
  const { note } = await look(order);
  const taken = await attemptOf(steps.importTake, order, note, null).result;
  const batch = { number: 0, taken: [taken.note], goesOn: true, landed: [] };
  const { proposal } = await attemptOf(steps.importMerge, order, note, batch).result;
  await attemptOf(steps.commit, { load: order.id }, proposal).result;
  await attemptOf(steps.close, [order.id]).result;
  const rest = await take(file, { ...UTC, batchBars: 10 });
  assert.deepEqual([rest.known, rest.rows, rest.stored, rest.equal], [false, 20, 10, 10]);
  assert.equal((await take(file, UTC)).known, true);
});

test('dates of which the order stays unknown are asked; a day above twelve anywhere decides', async t => {
  const { put, take } = await importScene(t);
  const day = (d: number) => `0${d}/0${d + 1}/2024 00:00,1,2,0.5,1.5,3`;
  const open = await take(await put('BTCUSDT_1d.csv', text([HEADING, ...[1, 2, 3, 4].map(day)])));
  assert.ok(open.found.questions.some(q => q.about === 'date order' && q.options.join() === 'dmy,mdy'));
  const lines = Array.from({ length: 40 }, (_, i) => new Date(T0 + i * 86_400_000)).map(
    d => `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/2024,1,2,0.5,1.5,3`,
  );
  const told = await take(await put('other/BTCUSDT_1d.csv', text([HEADING, ...lines])));
  assert.deepEqual([told.found.questions, told.stored, told.first], [[], 40, '2024-01-02T00:00:00.000Z']);
});

test("an hour that no clock showed is set aside; the hour that shows twice is told apart by the rows' order", async t => {
  const { put, take, quarantine } = await importScene(t);
  const york = { given: { zone: 'America/New_York', stamp: 'open' as const, timeframe: '1h' as const } };
  const spring = ['2024-03-10 00:00', '2024-03-10 01:00', '2024-03-10 02:00', '2024-03-10 03:00', '2024-03-10 04:00'];
  const lost = await take(await put('BTCUSDT_spring.csv', text([HEADING, ...spring.map(at => `${at},1,2,0.5,1.5,3`)])), {
    ...york,
    given: { ...york.given, symbol: 'BTCUSDT' },
  });
  assert.deepEqual([lost.rows, lost.stored, lost.quarantined], [5, 4, 1]);
  const [never] = await quarantine();
  assert.deepEqual([never?.line, never?.column], [4, 1]);
  assert.match(String(never?.says), /2024-03-10 02:00 was never on a clock of America\/New_York/);
  assert.equal(never?.row, '2024-03-10 02:00, open 1, high 2, low 0.5, close 1.5, volume 3');
  const autumn = ['2023-11-05 00:00', '2023-11-05 01:00', '2023-11-05 01:00', '2023-11-05 02:00'];
  const both = await take(await put('BTCUSDT_autumn.csv', text([HEADING, ...autumn.map((at, i) => `${at},1,2,0.5,1.5,${i}`)])), {
    ...york,
    given: { ...york.given, symbol: 'BTCUSDT' },
  });
  assert.deepEqual(
    [both.rows, both.stored, both.quarantined, both.first, both.last],
    [4, 4, 0, '2023-11-05T04:00:00.000Z', '2023-11-05T07:00:00.000Z'],
  );
});

for (const newestFirst of [false, true]) {
  test(`the hour that shows twice is told apart where a stretch ends in it, too, ${newestFirst ? 'the newest row first' : 'in time order'}`, async t => {
    const { put, take, bars } = await importScene(t);
    const T = Date.UTC(2023, 10, 5, 4, 0);
    const york = (at: number): string => clock(at - (at < Date.UTC(2023, 10, 5, 6) ? 4 : 5) * 60 * MINUTE);
    const lines = Array.from({ length: 240 }, (_, i) => `${york(T + i * MINUTE)},1,2,0.5,1.5,${i}`);
    // The same row once more is no row of the other hour.
    lines.splice(90, 0, lines[90] as string);
    if (newestFirst) lines.reverse();
    const file = await put(NAME, text([HEADING, ...lines]));
    for (const batchBars of [7, 50, 1000]) {
      const order = { batchBars, again: true, given: { zone: 'America/New_York', stamp: 'open', timeframe: '1m' } } as const;
      const done = await take(file, order);
      assert.deepEqual([done.rows, done.stored + done.equal, done.quarantined], [241, 241, 0]);
      const taken = await bars();
      assert.deepEqual(
        taken.map(bar => [Number(bar.ts) / 1, bar.volume]),
        Array.from({ length: 240 }, (_, i) => [T + i * MINUTE, i]),
      );
    }
  });
}

test('a row that is refused names the column that its time has in the file', async t => {
  const { put, take, quarantine } = await importScene(t);
  const lines = rows(30).map((line, i) => `x,${i === 29 ? line.replace('2024', '2031') : line}`);
  const done = await take(await put(NAME, text([`note,${HEADING}`, ...lines])), UTC);
  assert.deepEqual([done.rows, done.stored, done.quarantined], [30, 29, 1]);
  const [aside] = await quarantine();
  assert.deepEqual([aside?.line, aside?.column], [31, 2]);
  assert.match(String(aside?.row), /^2031-01-02 00:29, open 107.25, high 108.25, low 106.25, close 107.75, volume 39$/);
});

test('a row that is refused is kept whole; of one that is longer than any row of bars the beginning, and its length is told', async t => {
  const { put, take, quarantine } = await importScene(t);
  const wide = `${row(10).replace('102.5', 'abc')},${'1.5,'.repeat(1_500)}`;
  const endless = `${row(20).replace('105', 'abc')},${'é'.repeat(20_000)}`;
  const lines = rows(30);
  lines[10] = wide;
  lines[20] = endless;
  await take(await put(NAME, text([HEADING, ...lines])), UTC);
  const [first, second] = await quarantine();
  assert.equal(first?.row, wide);
  assert.ok(endless.startsWith(String(second?.row).slice(0, -1)) && String(second?.row).length > 8_000);
  assert.match(String(second?.says), /; the row has 400\d\d bytes, of which the first 16384 are kept$/);
});

test('a first row that is cut is no title: it is set aside, and counted', async t => {
  const { put, take, quarantine } = await importScene(t);
  const lines = rows(30);
  lines[0] = (lines[0] as string).slice(0, 20);
  const done = await take(await put(NAME, text(lines)), UTC);
  assert.deepEqual([done.rows, done.stored, done.quarantined], [30, 29, 1]);
  assert.equal((await quarantine())[0]?.line, 1);
});

test('a web page, JSON, an empty file and a file of words are refused for what they are', async t => {
  const { put, take } = await importScene(t);
  for (const [content, says] of [
    ['<!DOCTYPE html><html><body>Please log in</body></html>', /web page.*login/],
    ['{"error":"limit"}', /it is JSON/],
    ['[[1,"2","3","1","2","9"],[2,"2","3","1","2","9"]]', /it is JSON, not rows of text: line 1/],
    ['<html>\n<meta a="b,c,d,e,f">\n<meta a="b,c,d,e,f">\n', /web page: line 1/],
    ['', /it is empty/],
    ['hello\nworld\n', /no rows of at least five fields/],
  ] as const) {
    await assert.rejects(take(await put('x.csv', content)), says);
  }
});

test('bars of two lengths in one file are refused, with the row where the other begins', async t => {
  const { put, take } = await importScene(t);
  const hours = Array.from({ length: 60 }, (_, i) => `${clock(T0 + i * 60 * MINUTE)},1,2,0.5,1.5,3`);
  const minutes = Array.from({ length: 20 }, (_, i) => `${clock(T0 + 60 * 60 * MINUTE + i * MINUTE)},1,2,0.5,1.5,3`);
  await assert.rejects(
    take(await put('BTCUSDT.csv', text([HEADING, ...hours, ...minutes])), UTC),
    /mixes bars of 1h with shorter ones, from line 62, column 1, on/,
  );
});

test('a length that was named and that the rows cannot have is asked about before anything is read, with the row that says so', async t => {
  const { put, take, store } = await importScene(t);
  const of = (minutes: number, count: number) =>
    Array.from({ length: count }, (_, i) => `${clock(T0 + i * minutes * MINUTE)},1,2,0.5,1.5,3`);
  const asked = async (minutes: number, given: Partial<ImportGiven>) => {
    const { found, stored } = await take(await put('BTCUSDT.csv', text([HEADING, ...of(minutes, 300)])), {
      ...UTC,
      given: { ...UTC.given, ...given },
    });
    assert.equal(stored, found.questions.length > 0 ? 0 : 300);
    return found.questions;
  };
  const row = 'line 3, column 1, is the first that is no bar of 5m';
  const says = (length: string) => `5m was named, but 100 % of its rows lie ${length} apart: ${row}`;
  assert.deepEqual(await asked(1, { timeframe: '5m' }), [{ about: 'timeframe', options: ['1m'], says: says('1 minute') }]);
  assert.deepEqual(await asked(60, { timeframe: '5m' }), [{ about: 'timeframe', options: ['1h'], says: says('1 hour') }]);
  assert.deepEqual(await store.list(), [], 'nothing was written');
  assert.deepEqual(await asked(5, { timeframe: '5m' }), []);
});

test('bars of two lengths are refused when the length is named, too', async t => {
  const { put, take } = await importScene(t);
  const hours = Array.from({ length: 60 }, (_, i) => `${clock(T0 + i * 60 * MINUTE)},1,2,0.5,1.5,3`);
  const minutes = Array.from({ length: 20 }, (_, i) => `${clock(T0 + 60 * 60 * MINUTE + i * MINUTE)},1,2,0.5,1.5,3`);
  const file = await put('BTCUSDT.csv', text([HEADING, ...hours, ...minutes]));
  const named = (timeframe: '1h' | '1m') => take(file, { ...UTC, given: { ...UTC.given, timeframe } });
  await assert.rejects(named('1h'), /mixes bars of 1h with shorter ones, from line 62, column 1, on/);
  await assert.rejects(named('1m'), /mixes bars of 1m with longer ones, from line 2, column 1, on/);
});

test('a file whose past is of longer bars is refused, with the row where they begin', async t => {
  const { put, take } = await importScene(t);
  const hours = Array.from({ length: 12 }, (_, i) => `${clock(T0 - (12 - i) * 60 * MINUTE)},1,2,0.5,1.5,3`);
  await assert.rejects(
    take(await put(NAME, text([HEADING, ...hours, ...rows(200)])), UTC),
    /mixes bars of 1m with longer ones, from line 2, column 1, on/,
  );
});

test('two symbols in one file are refused, with the line of the second', async t => {
  const { put, take } = await importScene(t);
  const lines = rows(30).map((line, i) => `${line},${i < 20 ? 'BTC/USDT' : 'ETH/USDT'}`);
  await assert.rejects(
    take(await put('pair.csv', text([`${HEADING},symbol`, ...lines])), UTC),
    /line 22, column 7, is of another symbol.*ETH\/USDT.*BTC\/USDT/,
  );
});

test('E7: a symbolic link is not followed', async t => {
  const { put, take, folder } = await importScene(t);
  const link = join(folder, 'files', 'link.csv');
  await symlink(await put(NAME, text([HEADING, ...rows(5)])), link);
  await assert.rejects(take(link, UTC), /it is a symbolic link/);
});

test('a file that changes while it is read is not taken', async t => {
  const { put, look, orderOf, steps } = await importScene(t);
  const file = await put(NAME, text([HEADING, ...rows(20)]));
  const order = orderOf(file, UTC);
  const { note } = await look(order);
  await appendFile(file, text(rows(21).slice(20)));
  await assert.rejects(attemptOf(steps.importTake, order, note, null).result, /changed while it was read/);
});

test('a .gz is read as what it holds; a torn one is told', async t => {
  const { put, take } = await importScene(t);
  const packed = gzipSync(text([HEADING, ...rows(50)]));
  const done = await take(await put(`${NAME}.gz`, packed), UTC);
  assert.equal(done.stored, 50);
  await assert.rejects(take(await put(`torn/${NAME}.gz`, packed.subarray(0, packed.length - 20)), UTC), /cannot be unpacked/);
});

test('D5, E7: a .gz that unpacks a thousandfold is refused before it fills anything', async t => {
  const { put, take } = await importScene(t);
  const many = Buffer.alloc(96 << 20, `${row(60)}\n`);
  const bomb = gzipSync(Buffer.concat([Buffer.from(text([HEADING, ...rows(60)])), many]), { level: 9 });
  await assert.rejects(
    take(await put('BTCUSDT_1m.csv.gz', bomb), { ...UTC, given: { ...UTC.given, timeframe: '1m' }, batchBars: 100_000_000 }),
    /unpacks to more than 200 times its size/,
  );
});

test('D5, E7: an entry of a .zip that unpacks a thousandfold is refused, and one whose size is a lie', async t => {
  const { put, take } = await importScene(t);
  const many = Buffer.concat([Buffer.from(text([HEADING, ...rows(60)])), Buffer.alloc(96 << 20, `${row(60)}\n`)]);
  const bomb = packedZipOf(NAME, many);
  await assert.rejects(take(await put('bomb.zip', bomb), UTC), /unpacks to more than 200 times its size/);
  const liar = packedZipOf(NAME, Buffer.from(text([HEADING, ...rows(60)])), 500);
  await assert.rejects(take(await put('liar.zip', liar), UTC), /cannot be unpacked: .*(too many|size)/i);
});

test('E8: entries of a .zip are texts of their own; names that lead outside, packings in it, and one without any text are refused', async t => {
  const { put, take, look, orderOf } = await importScene(t);
  const csv = text([HEADING, ...rows(20)]);
  const order = orderOf(await put('two.zip', zipOf({ 'a/BTCUSDT_1m.csv': csv, 'ETHUSDT_1m.csv': csv })), UTC);
  assert.deepEqual([(await look(order, 0)).found.series, (await look(order, 1)).found.series], ['BTCUSDT 1m', 'ETHUSDT 1m']);
  for (const [entries, says] of [
    [{ '../../etc/BTCUSDT_1m.csv': csv }, /invalid relative path/],
    [{ '/etc/BTCUSDT_1m.csv': csv }, /absolute path/],
    [{ 'inner.zip': csv }, /is packed itself/],
    [{ 'readme.md': 'x' }, /holds no \.csv/],
  ] as const) {
    await assert.rejects(take(await put('bad.zip', zipOf(entries))), says);
  }
});

test('E8: a quote that is never closed spoils only its row; a line of many megabytes is told with where it is, and nothing is taken', async t => {
  const { put, take, store } = await importScene(t);
  const open = rows(30).map((line, i) => (i === 20 ? `"${line}` : line));
  const done = await take(await put('quote/BTCUSDT_1m.csv', text([`"time"${HEADING.slice(4)}`, ...open])), { ...UTC, dryRun: true });
  assert.equal(done.rows, done.stored + done.quarantined);
  assert.deepEqual([done.rows, done.stored, done.quarantined], [30, 29, 1]);
  const long = text([HEADING, ...rows(60_000), `${'9'.repeat(32 << 20)}`]);
  await assert.rejects(
    take(await put('line/BTCUSDT_1m.csv', long), { ...UTC, dryRun: true }),
    /line 60002, column 1: a row at byte \d+ does not end within \d+ bytes/,
  );
  assert.deepEqual(await store.list(), []);
});

test('E8: mixed line ends, formulas and bytes of another encoding spoil only the rows that they are in', async t => {
  const { put, take, quarantine } = await importScene(t);
  const ends = ['\n', '\r\n', '\r'];
  const lines = rows(60);
  lines[30] = row(30).replace('107.5', '=SUM(A1)');
  const mixed = [HEADING, ...lines].map((line, i) => line + ends[i % 3]).join('');
  const latin = Buffer.from(`${mixed}Gesch\u00e4ft,zu,Ende,heute,f\u00fcr,alle\n`, 'latin1');
  const done = await take(await put(NAME, latin), UTC);
  assert.deepEqual([done.rows, done.stored, done.quarantined], [61, 59, 2]);
  const aside = await quarantine();
  assert.deepEqual(
    aside.map(({ line, column }) => [line, column]),
    [
      [32, 2],
      [62, 1],
    ],
  );
  assert.match(String(aside[0]?.says), /=SUM\(A1\)" is no open/);
});

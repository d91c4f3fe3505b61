/** Files of other programs become series through the command line and the daemon: whole, in part, killed, cancelled, only shown, twice. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Tapekeep } from '../../src/client/index.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { noTerminal, run, stagedOf, start, startOnTerminal, tablesOf } from '../client/cli-run.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import { put } from '../imports/legacy-files.js';
import { House, minutes } from './house.js';
import { until } from './until.js';

const FIRST = Date.UTC(2024, 0, 2);
const BATCH = 2_000;

const rowAt = (i: number, at = String((FIRST + i * MINUTE) / 1000)): string =>
  `${at},${100 + (i % 50)},${102 + (i % 50)},${99 + (i % 50)},${101 + (i % 50)},${i + 1}`;
const csvOf = (count: number, from = 0): string =>
  ['time,open,high,low,close,Volume', ...Array.from({ length: count }, (_, i) => rowAt(from + i)), ''].join('\n');
/** Stamps that any zone and side would fit. */
const csvWithoutZone = (count: number): string => {
  const stampAt = (i: number) => new Date(FIRST + i * MINUTE).toISOString().slice(0, 16).replace('T', ' ');
  return ['time,open,high,low,close,volume', ...Array.from({ length: count }, (_, i) => rowAt(i, stampAt(i))), ''].join('\n');
};
const nameOf = (symbol: string): string => `BINANCE_${symbol}, 1.csv`;

/** So many that an import is still under way when its first versions have been seen, however quick it is. */
const MANY = 120_000;

describe('imports through the command line', { timeout: 600_000 }, () => {
  let house: House;
  let config: string;
  before(async () => {
    house = await House.make({ set: { 'worker.batchBars': BATCH } });
    config = join(house.folder, 'command.yaml');
    writeFileSync(config, JSON.stringify(nested(house.flags)));
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const ordered = (...words: string[]) => run({ config }, 'import', ...words);
  const versionsOf = async (tk: Tapekeep, symbol: string) =>
    (await tk.list()).some(h => h.series.symbol === symbol) ? await tk.history({ symbol, timeframe: '1m' }) : [];

  /** Every row once, whatever happened on the way; and each stretch is one version. */
  async function assertWhole(symbol: string, rows: number, versions: number): Promise<void> {
    const store = await house.store();
    await assertStore(store, { swept: true });
    const table = await store.open(minutes(symbol));
    const stored = (await readAll(store, table)) as unknown as readonly { ts: number; volume: number }[];
    assert.deepEqual(
      stored.map(bar => [bar.ts, bar.volume]),
      Array.from({ length: rows }, (_, i) => [FIRST + i * MINUTE, i + 1]),
    );
    assert.equal(table.snapshot.version, versions - 1);
    await store.close();
  }

  test('a file is shown first and nothing is written, then it is taken, and a second time it says so', async () => {
    await house.serve();
    const file = join(house.folder, nameOf('ONEUSDT'));
    put(house.folder, nameOf('ONEUSDT'), csvOf(300));
    const before = treeOf(house.data);
    const dry = await ordered(file, '--keep-last', '--dry-run');
    assert.equal(dry.code, 0, dry.err);
    assert.match(dry.out, /tradingview: ONEUSDT 1m, UTC, stamps of the open, 24\/7/);
    assert.match(dry.out, /because TradingView stamps the open/);
    assert.match(dry.out, /2024-01-02T00:01Z +101 +103 +100 +102 +2\n/);
    assert.match(dry.out, /300 rows: 300 would be stored, 0 equal to what is stored, 0 would go into quarantine/);
    assert.match(dry.out, /Nothing was written/);
    assert.deepEqual(treeOf(house.data), before);
    assert.deepEqual(stagedOf(house.data), []);

    const json = await ordered(file, '--json');
    assert.equal(json.code, 0, json.err);
    const [told] = JSON.parse(json.out);
    assert.deepEqual(
      [told.dialect, told.symbol, told.timeframe, told.zone, told.stamp, told.rows, told.stored, told.equal, told.quarantined],
      ['tradingview', 'ONEUSDT', '1m', 'UTC', 'open', 300, 299, 0, 1],
    );
    assert.deepEqual([told.first, told.last, told.questions], ['2024-01-02T00:00:00.000Z', '2024-01-02T04:58:00.000Z', []]);
    assert.match((await run({ config }, 'quarantine', 'ONEUSDT', '1m')).out, /while its bar was running/);

    const tree = tablesOf(house.data);
    const again = await ordered(file);
    assert.deepEqual([again.code, /imported before: it changes nothing/.test(again.out)], [0, true], again.out + again.err);
    assert.match(again.out, /Nothing to do/);
    assert.deepEqual(tablesOf(house.data), tree);
  });

  test('what a file lacks between its ends is told by class, and the quality of the sessions that it falls in', async () => {
    await house.serve();
    put(house.folder, nameOf('HOLEUSDT'), csvOf(100) + csvOf(6_000, 110).slice(csvOf(0).length));
    const file = join(house.folder, nameOf('HOLEUSDT'));
    const dry = await ordered(file, '--keep-last', '--dry-run');
    assert.match(dry.out, /between them it lacks 10 bars \(missing\)/, dry.err);
    assert.match(dry.out, /quality of its sessions \d+\.\d \([A-E]\)/);
    const { out, err, code } = await ordered(file, '--keep-last', '--json');
    assert.equal(code, 0, err);
    const [told] = JSON.parse(out);
    assert.deepEqual([told.stored, told.gaps], [6_100, { missing: 10 }]);
    assert.ok(told.versions.length > 1, 'the hole is in one of several stretches, and none is seen where they meet');
    assert.ok(told.quality.score > 0 && told.quality.counts.rows >= 6_100, JSON.stringify(told.quality));
  });

  test('a long beginning without a single bar stops nothing: the bars behind it are taken, and each of its rows is in quarantine', async () => {
    await house.serve();
    // More than twenty stretches of them.
    const [odd, bars] = [21 * BATCH, 500];
    const heading = csvOf(0);
    put(house.folder, nameOf('ODDUSDT'), `${heading}${'1704153600,?,1,1,1,1\n'.repeat(odd)}${csvOf(bars).slice(heading.length)}`);
    const file = join(house.folder, nameOf('ODDUSDT'));
    const dry = JSON.parse((await ordered(file, '--keep-last', '--dry-run', '--json')).out)[0];
    assert.deepEqual([dry.rows, dry.stored, dry.equal, dry.quarantined, dry.error], [odd + bars, bars, 0, odd, null]);
    const { code, out, err } = await ordered(file, '--keep-last', '--json');
    assert.equal(code, 0, err);
    const [told] = JSON.parse(out);
    assert.deepEqual([told.rows, told.stored, told.equal, told.quarantined], [odd + bars, bars, 0, odd]);
    const aside = JSON.parse((await run({ config }, 'quarantine', 'ODDUSDT', '1m', '--json')).out).bars as { line: number }[];
    assert.deepEqual(
      aside.map(row => row.line).sort((a, b) => a - b),
      Array.from({ length: odd }, (_, i) => i + 2),
    );
    await assertWhole('ODDUSDT', bars, told.versions.length);
    assert.match((await ordered(file)).out, /imported before/);
  });

  test('of a folder with a bad file the others are taken, it is named with its reason, and the exit code says that some is lacking', async () => {
    await house.serve();
    const folder = join(house.folder, 'some');
    put(folder, nameOf('GOODUSDT'), csvOf(50));
    put(folder, 'BADUSDT_1m.csv', '<html><body>Please log in</body></html>');
    put(folder, nameOf('WELLUSDT'), csvOf(60));
    const { code, out, err } = await ordered(folder, '--keep-last');
    assert.equal(code, 6, out + err);
    assert.match(out, /BADUSDT_1m\.csv\n {2}not taken: .*it is a web page.*\(IMPORT_UNREADABLE\)/);
    await assertWhole('GOODUSDT', 50, 1);
    await assertWhole('WELLUSDT', 60, 1);
  });

  test('what cannot be taken at all is told by what it is, and the exit code says that it failed', async () => {
    await house.serve();
    const typo = await ordered(join(house.folder, 'nosuch.csv'));
    assert.deepEqual(
      [typo.code, /nosuch\.csv cannot be imported: there is no such file or folder\. Nothing was written/.test(typo.err)],
      [1, true],
    );
    put(house.folder, 'BADUSDT_1m.csv', '<html><body>Please log in</body></html>');
    const page = await ordered(join(house.folder, 'BADUSDT_1m.csv'));
    assert.deepEqual([page.code, /not taken: .*it is a web page/.test(page.out)], [1, true], page.out + page.err);
    put(house.folder, nameOf('KINDUSDT'), csvOf(20));
    const kind = await ordered(join(house.folder, nameOf('KINDUSDT')), '--dialect', 'tradingvew');
    assert.deepEqual([kind.code, kind.out], [2, ''], kind.err);
    assert.match(kind.err, /there is no dialect tradingvew: there are tradingview, ninjatrader.*Nothing was written/);
    put(house.folder, nameOf('LATEUSDT'), csvOf(20, (Date.UTC(2035, 0, 1) - FIRST) / MINUTE));
    const late = await ordered(join(house.folder, nameOf('LATEUSDT')));
    const none = /not taken: .*none of its 20 rows is a bar: line 2, column 1: 2035-01-01T00:00:00\.000Z lies in the future/;
    assert.deepEqual([late.code, none.test(late.out)], [1, true], late.out + late.err);
    const calendar = await ordered(join(house.folder, nameOf('KINDUSDT')), '--calendar', 'CMEX');
    assert.deepEqual([calendar.code, /there is no calendar CMEX/.test(calendar.err)], [2, true], calendar.err);
  });

  test('the first rows that are set aside are told with their line and column, in a preview, too', async () => {
    await house.serve();
    const lines = csvOf(40).split('\n');
    lines[10] = 'odd';
    lines[20] = lines[20]?.replace(/,[^,]*/, ',0') as string;
    put(house.folder, nameOf('ASIDEUSDT'), lines.join('\n'));
    const dry = await ordered(join(house.folder, nameOf('ASIDEUSDT')), '--keep-last', '--dry-run');
    assert.match(dry.out, /40 rows: 38 would be stored, 0 equal to what is stored, 2 would go into quarantine\n/, dry.err);
    assert.match(
      dry.out,
      /line 21, column \d: bar 2024-01-02T00:19:00.000Z: .*\n {4}line 11, column 1: the row has 1 fields, 6 were expected\n/,
    );
  });

  test('in a pipe what is open is refused, and both readings are named', async () => {
    await house.serve();
    put(house.folder, 'ASKUSDT_1m.csv', csvWithoutZone(40));
    const { code, err } = await ordered(join(house.folder, 'ASKUSDT_1m.csv'));
    assert.equal(code, 2, err);
    assert.match(err, /IMPORT_OPEN/);
    assert.match(err, /stamp \(open or close\)/);

    put(house.folder, nameOf('LONGUSDT'), csvOf(40));
    const named = await ordered(join(house.folder, nameOf('LONGUSDT')), '--timeframe', '5m');
    assert.equal(named.code, 2, named.err);
    assert.match(named.err, /timeframe \(1m\): 5m was named, but 100 % of its rows lie 1 minute apart: line 3, column 1, is the first/);
    assert.equal(
      (await (await house.client()).list()).some(h => h.series.symbol === 'LONGUSDT'),
      false,
    );
  });

  test('on a terminal what is open is asked, what cannot be is asked again, and with the answers it is taken', {
    skip: noTerminal,
  }, async () => {
    await house.serve();
    put(house.folder, 'TELLUSDT_1m.csv', csvWithoutZone(40));
    const terminal = startOnTerminal({ config }, ['import', join(house.folder, 'TELLUSDT_1m.csv')]);
    const asked = (words: string) =>
      until(
        () => terminal.said().includes(words) || undefined,
        () => `${words}; it said:\n${terminal.said()}`,
      );
    const typed = (answer: string) => void terminal.child.stdin?.write(`${answer}\n`);
    await asked('zone (UTC');
    typed('Mars/Olympus');
    await asked('the zone is one as UTC, America/Chicago or America/New_York+7, not "Mars/Olympus"');
    typed('UTC');
    await asked('stamp (open, close)?');
    typed('open');
    const { code } = await terminal.ended;
    assert.equal(code, 0, terminal.said());
    assert.match(terminal.said(), /40 rows: 40 stored/);
    await assertWhole('TELLUSDT', 40, 1);
  });

  test('a question that is left with Ctrl+C takes nothing', { skip: noTerminal }, async () => {
    await house.serve();
    put(house.folder, 'LEFTUSDT_1m.csv', csvWithoutZone(40));
    const terminal = startOnTerminal({ config }, ['import', join(house.folder, 'LEFTUSDT_1m.csv')]);
    await until(
      () => terminal.said().includes('zone (UTC') || undefined,
      () => `the question; it said:\n${terminal.said()}`,
    );
    terminal.child.stdin?.write('\u0003');
    const { code } = await terminal.ended;
    assert.equal(code, 130, terminal.said());
    assert.equal(
      (await (await house.client()).list()).some(h => h.series.symbol === 'LEFTUSDT'),
      false,
    );
  });

  test('a worker that is killed on the way costs nothing: every bar is there once, and each stretch is one version', async () => {
    const rows = MANY;
    put(house.folder, nameOf('KILLUSDT'), csvOf(rows));
    const first = await house.serve();
    const tk = await house.client();
    const running = start({ config }, ['import', join(house.folder, nameOf('KILLUSDT')), '--keep-last', '--json']);
    await until(
      async () => (await versionsOf(tk, 'KILLUSDT')).length >= 2 || undefined,
      () => `two versions; it said:\n${running.said()}`,
    );
    await first.end('SIGKILL');
    const kept = (await versionsOf(tk, 'KILLUSDT')).length;
    await house.serve();
    const { code, out, err } = await running.ended;
    assert.equal(code, 0, err);
    const [told] = JSON.parse(out);
    assert.deepEqual([told.rows, told.stored, told.equal, told.quarantined], [rows, rows, 0, 0]);
    assert.ok(kept < told.versions.length, `it was killed in mid-import: ${kept} of ${told.versions.length}`);
    assert.ok(told.versions.length > 3);
    await assertWhole('KILLUSDT', rows, told.versions.length);
  });

  test('Ctrl+C keeps the stretches that are finished and tells how many rows they are and where it stopped; the next import brings the rest', async () => {
    const rows = MANY;
    const file = join(house.folder, nameOf('STOPUSDT'));
    put(house.folder, nameOf('STOPUSDT'), csvOf(rows));
    await house.serve();
    const tk = await house.client();
    const running = start({ config }, ['import', file, '--keep-last']);
    await until(
      async () => (await versionsOf(tk, 'STOPUSDT')).length >= 2 || undefined,
      () => `two versions; it said:\n${running.said()}`,
    );
    running.child.kill('SIGINT');
    const { code, out, err } = await running.ended;
    assert.equal(code, 130, err);
    const kept = (await tk.tables.read(await tk.tables.open(minutes('STOPUSDT')), { columns: ['ts'] })).height;
    assert.ok(kept > 0 && kept < rows, `${kept} rows are kept`);
    const said = `${kept.toLocaleString('en')} rows: ${kept.toLocaleString('en')} stored, 0 equal to what is stored, 0 went into quarantine`;
    const line = (kept + 2).toLocaleString('en');
    assert.ok(err.includes(`Cancelled. What was finished stays: ${said}.`), err);
    assert.match(err, new RegExp(`The same command goes on with the rest: .*STOPUSDT, 1\\.csv from line ${line} on`));
    assert.match(out, new RegExp(`cancelled at line ${line}: no row from there on was taken`));
    await assertWhole('STOPUSDT', kept, (await versionsOf(tk, 'STOPUSDT')).length);
    assert.deepEqual(
      stagedOf(house.data).filter(path => !path.startsWith('raw')),
      [],
    );
    const again = await ordered(file, '--keep-last', '--json');
    const [told] = JSON.parse(again.out);
    assert.deepEqual([again.code, told.stored, told.equal], [0, rows - kept, kept]);
  });

  test('of a cancelled folder a program is told of each file: taken, stopped at a line, or not begun', async () => {
    const rows = MANY;
    const folder = join(house.folder, 'halted');
    for (const [name, n] of Object.entries({ AUSDT: 100, BUSDT: rows, CUSDT: 100, DUSDT: 100 })) put(folder, nameOf(name), csvOf(n));
    await house.serve();
    const tk = await house.client();
    const running = start({ config }, ['import', folder, '--keep-last', '--json']);
    await until(
      async () => (await versionsOf(tk, 'BUSDT')).length >= 2 || undefined,
      () => `two versions; it said:\n${running.said()}`,
    );
    running.child.kill('SIGINT');
    const { code, out, err } = await running.ended;
    assert.equal(code, 130, err);
    const told = JSON.parse(out) as { rows: number; stored: number; stoppedAt: number | null; versions: number[] }[];
    const kept = (await tk.tables.read(await tk.tables.open(minutes('BUSDT')), { columns: ['ts'] })).height;
    assert.deepEqual(
      told.map(file => [file.rows, file.stored, file.stoppedAt]),
      [
        [100, 100, null],
        [kept, kept, kept + 2],
        [0, 0, 1],
        [0, 0, 1],
      ],
    );
    assert.equal(told[1]?.versions.length, (await versionsOf(tk, 'BUSDT')).length);
    assert.match(err, /The same command goes on with the rest: .*BUSDT, 1\.csv from line .* on .* and 2 files/);
    const again = JSON.parse((await ordered(folder, '--keep-last', '--json')).out) as { stored: number; known: boolean }[];
    assert.deepEqual(
      again.map(file => [file.stored, file.known]),
      [
        [0, true],
        [rows - kept, false],
        [100, false],
        [100, false],
      ],
    );
  });
});

/** Every file and folder of a data folder, but for what the daemon and its server keep for themselves. */
const treeOf = (data: string): string[] =>
  (readdirSync(data, { recursive: true }) as string[])
    .filter(path => !/^(\.tapekeep\/(temporal|logs|locks?|notices)|logs)(\/|\.|$)/.test(path))
    .sort();

/** Settings by their dotted names, as a settings file has them. */
function nested(flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flags)) {
    const parts = name.split('.');
    const last = parts.pop() as string;
    let at = all;
    for (const part of parts) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return all;
}

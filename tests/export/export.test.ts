/** Exports: what the files hold, that they are whole or not there, and what is refused. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import * as arrow from 'apache-arrow';
import pl from 'nodejs-polars';
import { TapekeepError } from '../../src/client/index.js';
import { barsFrom } from '../../src/model/bars.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { run, tablesOf } from '../client/cli-run.js';
import { testStore } from '../store/fixture.js';
import { BTC, BTC_NAMED, exportScene, filesBelow, someBars, T0 } from './scene.js';

const is =
  (code: string, told = /./) =>
  (error: unknown) =>
    error instanceof TapekeepError && error.code === code && told.test(error.message);

test('one file of each kind holds every bar to the last digit, and polars and Arrow read it', async t => {
  const { tk, out } = await exportScene(t, BTC, [someBars(2_000), someBars(1_500, T0 + 2_000 * MINUTE)]);
  const wanted = someBars(3_500);
  // The second part is bars of its own.
  wanted.close.set(someBars(1_500).close, 2_000);
  for (const format of ['parquet', 'feather', 'arrow', 'csv', 'csv.gz']) {
    const exported = await tk.export({ ...BTC_NAMED, format, out: `${out}/` });
    const [file] = exported.files;
    assert.ok(file);
    assert.deepEqual([exported.rows, exported.first, exported.files.length], [3_500, T0, 1]);
    const bytes = readFileSync(file.path);
    assert.equal(bytes.length, file.bytes);
    const closes = closesOf(format, bytes);
    assert.deepEqual(closes, [...wanted.close], format);
  }
  assert.deepEqual(
    filesBelow(out),
    ['arrows', 'csv', 'csv.gz', 'feather', 'parquet'].map(ending => `BTCUSDT-1m.${ending}`),
  );
});

function closesOf(format: string, bytes: Buffer): number[] {
  if (format === 'parquet') return [...(pl.readParquet(bytes).getColumn('close').toArray() as number[])];
  if (format.startsWith('csv')) {
    const lines = (format === 'csv' ? bytes : gunzipSync(bytes)).toString().trimEnd().split('\n');
    assert.equal(lines[0], 'ts,open,high,low,close,volume,turnover,trades,source');
    assert.match(lines[6] ?? '', /^2024-01-01T00:05:00.000Z,[\d.,]+,,,5,a$/);
    return lines.slice(1).map(line => Number(line.split(',')[4]));
  }
  const table = arrow.tableFromIPC(bytes);
  assert.equal(table.getChild('volume')?.nullCount, 2);
  return [...(table.getChild('close') as Iterable<number>)];
}

test('an interval of a version is written, not what came after it', async t => {
  const { tk, out } = await exportScene(t, BTC, [someBars(100), someBars(100, T0 + 100 * MINUTE)]);
  const asOf = await tk.export({ ...BTC_NAMED, asOf: 0, out: join(out, 'a.parquet') });
  assert.deepEqual([asOf.rows, asOf.version], [100, 0]);
  const some = await tk.export({ ...BTC_NAMED, from: T0 + 50 * MINUTE, to: T0 + 150 * MINUTE, out: join(out, 'b.parquet') });
  assert.deepEqual([some.rows, some.first, some.last], [100, T0 + 50 * MINUTE, T0 + 149 * MINUTE]);
  const none = await tk.export({ ...BTC_NAMED, from: '2030-01-01', to: '2030-01-02', format: 'feather', out: join(out, 'c.feather') });
  assert.equal(none.rows, 0);
  assert.equal(arrow.tableFromIPC(readFileSync(join(out, 'c.feather'))).schema.fields.length, 9);
});

test('a file that is there stays unless it may be replaced, and nothing half-written is left', async t => {
  const { tk, out } = await exportScene(t);
  const path = join(out, 'mine.csv');
  writeFileSync(path, 'mine');
  const request = { ...BTC_NAMED, format: 'csv', out: path };
  await assert.rejects(tk.export(request), is('FILE_EXISTS', /mine\.csv is there already/));
  assert.equal(readFileSync(path, 'utf8'), 'mine');
  await tk.export({ ...request, force: true });
  assert.match(readFileSync(path, 'utf8'), /^ts,open/);
  const days = { ...BTC_NAMED, format: 'lean', out };
  mkdirSync(join(out, 'minute/btcusdt'), { recursive: true });
  writeFileSync(join(out, 'minute/btcusdt/20240103_trade.zip'), 'mine');
  await assert.rejects(tk.export(days), is('FILE_EXISTS', /20240103/));
  assert.deepEqual(filesBelow(out), ['mine.csv', 'minute/btcusdt/20240103_trade.zip']);
});

test('an export that is given up, or fails half-way, leaves nothing', async t => {
  const { tk, out, data } = await exportScene(t, BTC, [someBars(100), someBars(100, T0 + 100 * MINUTE)]);
  const signal = AbortSignal.abort('enough');
  // Who asked for it tells by the reason that nothing else went wrong.
  await tk.export({ ...BTC_NAMED, out: join(out, 'new/deep/a.parquet'), signal }).then(
    () => assert.fail('it is not given up'),
    error => assert.equal(error, 'enough'),
  );
  const [, second] = Object.keys(tablesOf(data)).filter(path => path.endsWith('.parquet'));
  writeFileSync(second as string, 'damaged');
  await assert.rejects(tk.export({ ...BTC_NAMED, out: join(out, 'new/deep/a.csv'), format: 'csv' }), is('FILE_DAMAGED'));
  assert.deepEqual(filesBelow(out), []);
});

test('a dry run tells the very bytes and leaves nothing on the disk', async t => {
  const { tk, out, data } = await exportScene(t);
  const before = tablesOf(data);
  for (const format of ['parquet', 'lean', 'freqtrade', 'nautilus']) {
    const place = join(out, format === 'parquet' ? 'a.parquet' : format);
    const venue = 'BINANCE';
    const dry = await tk.export({ ...BTC_NAMED, format, out: place, venue, dryRun: true });
    assert.equal(dry.written, false);
    assert.deepEqual(filesBelow(out), []);
    const done = await tk.export({ ...BTC_NAMED, format, out: place, venue });
    assert.deepEqual({ ...done, written: false }, dry);
    for (const file of done.files) assert.equal(readFileSync(file.path).length, file.bytes);
    (await import('node:fs')).rmSync(place, { recursive: true });
  }
  assert.deepEqual(tablesOf(data), before);
});

test('nothing is written into the data folder, not even through a link', async t => {
  const { tk, data, out } = await exportScene(t);
  symlinkSync(data, join(out, 'link'));
  for (const place of [join(data, 'a.parquet'), join(out, 'link/a.parquet'), join(data, '.tapekeep/x/y.parquet')])
    await assert.rejects(tk.export({ ...BTC_NAMED, out: place }), is('USAGE', /lies in the data folder/));
  await assert.rejects(tk.export({ ...BTC_NAMED, format: 'xlsx' }), is('USAGE', /there is no format "xlsx"/));
});

test('Lean gets one archive a day with milliseconds of the wall clock, stocks in ten-thousandths', async t => {
  const opens = Date.UTC(2024, 0, 2, 14, 30);
  const rows = Array.from({ length: 3 }, (_, i) => ({
    ts: opens + i * MINUTE,
    open: 10.5,
    high: 10.75,
    low: 10.25,
    close: 10.5001,
    volume: 7,
    source: 'x',
  }));
  const spy = await exportScene(t, { ...BTC, assetClass: 'etf', symbol: 'SPY' }, [barsFrom(rows)], 'XNYS');
  await spy.tk.export({ symbol: 'SPY', timeframe: '1m', format: 'lean', out: spy.out });
  assert.deepEqual(filesBelow(spy.out), ['minute/spy/20240102_trade.zip']);
  const text = unzipped(readFileSync(join(spy.out, 'minute/spy/20240102_trade.zip')));
  assert.deepEqual(text, [
    '20240102_spy_minute_trade.csv',
    `${[0, 1, 2].map(i => `${(9.5 * 60 + i) * MINUTE},105000,107500,102500,105001,7\n`).join('')}`,
  ]);
  const days = await exportScene(t, { ...BTC, timeframe: '1d' }, [barsFrom([{ ...rows[0], ts: T0, source: 'x' }])]);
  await days.tk.export({ symbol: 'BTCUSDT', timeframe: '1d', format: 'lean', out: days.out });
  assert.deepEqual(unzipped(readFileSync(join(days.out, 'daily/btcusdt_trade.zip'))), [
    'btcusdt.csv',
    '20240101 00:00,10.5,10.75,10.25,10.5001,7\n',
  ]);
});

/** Name and text of the one file, found by the local header alone. */
function unzipped(zip: Buffer): [string, string] {
  const [packed, name] = [zip.readUInt32LE(18), zip.readUInt16LE(26)];
  return [zip.toString('utf8', 30, 30 + name), inflateRawSync(zip.subarray(30 + name, 30 + name + packed)).toString()];
}

test('a symbol that can be cut into a pair in two ways is refused until it is said', async t => {
  const { tk, out } = await exportScene(t, { ...BTC, symbol: 'XYZABC' });
  const request = { symbol: 'XYZABC', timeframe: '1m', format: 'freqtrade', out };
  await assert.rejects(tk.export(request), is('USAGE', /cut into a pair is not certain.*--pair/));
  await tk.export({ ...request, pair: 'XYZ/ABC' });
  assert.deepEqual(filesBelow(out), ['XYZ_ABC-1m.feather']);
});

test('a split is in the prices when it is asked for, and only then', async t => {
  const day = (i: number) => T0 + i * 86_400_000;
  const row = (ts: number, close: number) => ({ ts, open: close, high: close, low: close, close, volume: 10, source: 'x' });
  const series = { ...BTC, assetClass: 'stock' as const, symbol: 'ACME', timeframe: '1d' as const };
  const { tk, out, data } = await exportScene(t, series, [barsFrom([row(day(1), 100), row(day(2), 50)])], 'XNYS');
  const store = await testStore(t, { root: data });
  const { dataset, assetClass, symbol } = series;
  const events = [{ kind: 'split' as const, date: day(2), ratio: 2, source: 'hand' }];
  await store.putEvents({ of: { dataset, assetClass, symbol }, events, by: 'test' });
  const closes = async (adjusted?: string) => {
    await tk.export({ symbol, timeframe: '1d', format: 'csv', out: join(out, 'a.csv'), force: true, ...(adjusted ? { adjusted } : {}) });
    return readFileSync(join(out, 'a.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(line => Number(line.split(',')[4]));
  };
  assert.deepEqual(
    [await closes(), await closes('split')],
    [
      [100, 50],
      [50, 50],
    ],
  );
  await assert.rejects(closes('both'), is('USAGE'));
});

test('the command writes, refuses, tells as JSON, and says what a dry run would do', async t => {
  const { folder, data, out } = await exportScene(t);
  const config = join(folder, 'settings.yaml');
  writeFileSync(config, JSON.stringify({ data }));
  const cli = (...words: string[]) => run({ config }, 'export', 'BTCUSDT', '1m', ...words);
  const path = join(out, 'a.csv.gz');
  const dry = await cli('--format', 'csv.gz', '--out', path, '--dry-run');
  assert.match(dry.out, /3,000 bars, 2024-01-01 to 2024-01-03T01:59Z[\s\S]*1 file, .* would be written\. Nothing was\./);
  assert.deepEqual(filesBelow(out), []);
  const done = await cli('--format', 'csv.gz', '--out', path, '--json');
  assert.equal(done.code, 0, done.err);
  const { rows, files } = JSON.parse(done.out) as { rows: number; files: { path: string; bytes: number }[] };
  assert.deepEqual([rows, files], [3_000, [{ path, bytes: readFileSync(path).length }]]);
  const again = await cli('--format', 'csv.gz', '--out', path);
  assert.equal(again.code, 1);
  assert.match(again.err, /is there already.*\(FILE_EXISTS\)\nnext: {2}.*--force/);
  assert.equal((await run({ config }, 'export', 'NOUSDT', '1m')).code, 3);
});

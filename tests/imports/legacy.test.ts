/** Reading files of older collections: what their names tell, what their rows hold, what is refused. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type LegacyFile, readLegacy, surveyLegacy } from '../../src/imports/legacy/index.js';
import { concatBars } from '../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { runsOfBars } from '../../src/model/runs-of-bars.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { testFolder } from '../store/fixture.js';
import { csvOf, frameOf, packed, put, Y2024 } from './legacy-files.js';

const NEVER = Number.POSITIVE_INFINITY;

test('the name of a file tells its series; what tells none is named, and links are not followed', async t => {
  const folder = await testFolder(t);
  for (const path of [
    'BTCUSDT/1m/2023.csv.gz',
    'BTCUSDT/1m/2024.csv.gz',
    'ES1_1m.parquet',
    'BTC_USDT-1h.feather',
    'notes.parquet',
    'x.json',
  ])
    put(folder, path, '');
  put(folder, 'BTCUSDT/1m/2024.metadata.json', '{}');
  symlinkSync(folder, join(folder, 'round'));
  const { files, strange } = await surveyLegacy(folder);
  assert.deepEqual(
    files.map(f => [f.path, f.kind, f.symbol, f.timeframe, f.metadata]),
    [
      ['BTCUSDT/1m/2023.csv.gz', 'csv.gz', 'BTCUSDT', '1m', null],
      ['BTCUSDT/1m/2024.csv.gz', 'csv.gz', 'BTCUSDT', '1m', 'BTCUSDT/1m/2024.metadata.json'],
      ['BTC_USDT-1h.feather', 'feather', 'BTC/USDT', '1h', null],
      ['ES1_1m.parquet', 'parquet', 'ES1', '1m', null],
    ],
  );
  assert.deepEqual(strange, ['notes.parquet']);
});

async function read(t: TestContext, change: Partial<LegacyFile>, bytes: string | Uint8Array, metadata?: object, lastOpen = NEVER) {
  const folder = await testFolder(t);
  const file: LegacyFile = {
    path: 'X/1m/2024.csv',
    kind: 'csv',
    symbol: 'X',
    timeframe: '1m',
    metadata: metadata ? 'm.json' : null,
    ...change,
  };
  put(folder, file.path, bytes);
  if (metadata) put(folder, 'm.json', JSON.stringify(metadata));
  const { runs, refusals } = await readLegacy(folder, file, lastOpen);
  const parts = [];
  for await (const bars of runs) parts.push(bars);
  return { bars: concatBars(parts), refusals: { ...refusals }, runs: parts.length };
}

test('packed CSV comes in runs of a bounded size, each bar with its numbers and its source', async t => {
  const { bars, runs, refusals } = await read(t, { path: 'X/1m/2024.csv.gz', kind: 'csv.gz' }, packed(csvOf(Y2024, 150_000)));
  assert.deepEqual([bars.ts.length, runs, refusals], [150_000, 2, {}]);
  assert.deepEqual([bars.ts[149_999], bars.volume[149_999]], [Y2024 + 149_999 * MINUTE, 149_999]);
  assert.ok(Number.isNaN(bars.turnover[0]));
  assert.deepEqual(bars.sources, ['legacy:X/1m/2024.csv.gz']);
});

test('metadata names the source and the clock; adjusted prices are not taken', async t => {
  const wall = 'date;open;high;low;close;source\n2024-01-02 09:30:00;1;2;0.5;1.5;\n2024-07-02 09:30:00;1;2;0.5;1.5;other\n';
  const { bars } = await read(t, {}, wall, { provider: 'acme', timezone: 'America/New_York' });
  assert.deepEqual([...bars.ts], [Date.UTC(2024, 0, 2, 14, 30), Date.UTC(2024, 6, 2, 13, 30)]);
  assert.deepEqual(
    [...bars.source].map(i => bars.sources[i]),
    ['acme', 'other'],
  );
  await assert.rejects(
    read(t, {}, wall, { adjusted: true }),
    (e: unknown) => isTapekeepError(e, 'LEGACY_UNREADABLE') && /adjusted/.test(e.message),
  );
});

test('moments are read as text, seconds, milliseconds and nanoseconds; a day may be a midnight of the market', async t => {
  const cells = ['2024-01-01', '1704153600', '1704240000000', '1704326400000000000', '2024-01-05T00:00:00+00:00', '20240106'];
  const { bars } = await read(t, { timeframe: '1d' }, `Date,O,H,L,C\n${cells.map(c => `${c},1,1,1,1\n`).join('')}`);
  assert.deepEqual(
    [...bars.ts],
    cells.map((_, i) => Y2024 + i * DAY),
  );
  const local = await read(t, { timeframe: '1d' }, 'ts,open,high,low,close\n2024-01-02T05:00:00Z,1,1,1,1\n', {
    timezone: 'America/New_York',
  });
  assert.deepEqual([...local.bars.ts], [Y2024 + DAY]);
});

test('rows that are no bars are counted by their reason, and the others are taken', async t => {
  const good = csvOf(Y2024, 3);
  const at = (i: number) => new Date(Y2024 + i * MINUTE).toISOString();
  const bad = [
    'soon,1,1,1,1,1',
    `${at(4)},1,x,1,1,1`,
    `${at(5)},1,1,1,,1`,
    '2024-01-01T00:06:30Z,1,1,1,1,1',
    '2024-02-30T00:00:00Z,1,1,1,1,1',
    `${at(9)},1,1,1,1,`,
  ];
  const { bars, refusals } = await read(t, {}, `${good}${bad.join('\n')}\n`, undefined, Y2024 + 8 * MINUTE);
  assert.deepEqual(
    [...bars.ts],
    [0, 1, 2].map(i => Y2024 + i * MINUTE),
  );
  assert.deepEqual(refusals, {
    'its time cannot be read': 2,
    'a value is no number': 1,
    'it has no close': 1,
    'no 1m bar opens at its time': 1,
    'it is not over yet': 1,
  });
});

test('Parquet masters and feather files are read whatever unit their moments have', async t => {
  for (const [kind, bytes] of [
    ['parquet', frameOf(Y2024, 1_000).writeParquet()],
    ['feather', frameOf(Y2024, 1_000).writeIPC()],
  ] as const) {
    const { bars } = await read(t, { path: `X_1m.${kind}`, kind }, bytes);
    assert.deepEqual([bars.ts[0], bars.ts.at(-1), bars.volume[999]], [Y2024, Y2024 + 999 * MINUTE, 999], kind);
  }
});

test('a file that is cut short, or holds no bars, says so', async t => {
  const whole = packed(csvOf(Y2024, 20_000));
  const cases: [Partial<LegacyFile>, string | Uint8Array, RegExp][] = [
    [{ path: 'a.csv.gz', kind: 'csv.gz' }, whole.subarray(0, whole.length / 2), /cannot be taken over: unexpected end of file/],
    [{ path: 'a.csv.gz', kind: 'csv.gz' }, 'plain text', /incorrect header check/],
    [{}, 'name,age\nx,1\n', /names no time, open, high, low and close/],
    [{ path: 'a.parquet', kind: 'parquet' }, 'PAR1 no', /cannot be taken over/],
  ];
  for (const [file, bytes, told] of cases)
    await assert.rejects(
      read(t, file, bytes),
      (e: unknown) => isTapekeepError(e, 'LEGACY_UNREADABLE') && told.test(e.message),
      told.source,
    );
});

test('bars prove themselves and never the hole between them', () => {
  const at = (i: number) => Y2024 + i * MINUTE;
  const ts = Float64Array.of(at(2), at(0), at(1), at(5), at(6), at(6));
  assert.deepEqual(runsOfBars(ts, CALENDAR_24_7, '1m'), [
    { from: at(0), to: at(3) },
    { from: at(5), to: at(7) },
  ]);
  assert.deepEqual(runsOfBars(new Float64Array(0), CALENDAR_24_7, '1m'), []);
});

/** Exports as the programs they are for read them. Where one cannot be installed, its test is skipped and says so. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { MINUTE } from '../../src/model/timeframe.js';
import { projectFolder } from '../project-files.js';
import { type Python, pythonForTests } from '../python.js';
import { BTC_NAMED, exportScene, someBars, T0 } from './scene.js';

const READER = join(projectFolder, 'tests', 'export', 'read.py');

const FRAMES = await pythonForTests(['pandas==3.1.1', 'pyarrow==26.0.1', 'duckdb==2.0.0', 'backtrader==1.9.78.123']);
const FREQTRADE = await pythonForTests(['freqtrade==2026.9']);
const NAUTILUS = await pythonForTests(['nautilus_trader==1.221.0']);

const COUNT = 3_000;
const wanted = someBars(COUNT);
const sum = (column: Float64Array): number => column.reduce((n, v) => n + (Number.isNaN(v) ? 0 : v), 0);

async function reads({ python }: Python, words: readonly string[], shift = 0): Promise<void> {
  const { stdout } = await promisify(execFile)(python as string, [READER, ...words]);
  const found = JSON.parse(stdout.trim().split('\n').at(-1) as string) as Record<string, number>;
  const { rows, first, last, close, volume } = found;
  assert.deepEqual([rows, first, last], [COUNT, T0 + shift, T0 + (COUNT - 1) * MINUTE + shift]);
  assert.ok(Math.abs((close as number) - sum(wanted.close)) < 1e-6, `close ${close}`);
  assert.ok(Math.abs((volume as number) - sum(wanted.volume)) < 1e-6, `volume ${volume}`);
}

async function exported(t: TestContext, format: string, out: string, more: object = {}): Promise<string> {
  const scene = await exportScene(t);
  const place = join(scene.out, out);
  await scene.tk.export({ ...BTC_NAMED, format, out: place, ...more });
  return place;
}

for (const [format, file] of [
  ['parquet', 'a.parquet'],
  ['feather', 'a.feather'],
  ['arrow', 'a.arrows'],
  ['csv', 'a.csv'],
  ['csv.gz', 'a.csv.gz'],
] as const)
  test(`pandas reads ${format}`, FRAMES, async t => reads(FRAMES, ['pandas', await exported(t, format, file)]));

for (const [format, file] of [
  ['parquet', 'a.parquet'],
  ['csv.gz', 'a.csv.gz'],
] as const)
  test(`DuckDB reads ${format}`, FRAMES, async t => reads(FRAMES, ['duckdb', await exported(t, format, file)]));

test('GenericCSVData of backtrader reads its file with no parameter but the timeframe', FRAMES, async t =>
  reads(FRAMES, ['backtrader', await exported(t, 'backtrader', 'a.csv')]),
);

test('the feather handler of freqtrade finds its file and reads it', FREQTRADE, async t =>
  reads(FREQTRADE, ['freqtrade', await exported(t, 'freqtrade', 'binance'), 'BTC/USDT', '1m']),
);

test('the data catalog of Nautilus reads its file; bars are stamped with their close', NAUTILUS, async t => {
  const catalog = await exported(t, 'nautilus', 'catalog', { venue: 'BINANCE' });
  await reads(NAUTILUS, ['nautilus', catalog, 'BTCUSDT.BINANCE-1-MINUTE-LAST-EXTERNAL'], MINUTE);
});

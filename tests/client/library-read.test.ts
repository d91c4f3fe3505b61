/** Bars as a program asks for them: from the table first, and only what is missing from the exchange. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Table } from 'apache-arrow';
import { TapekeepError } from '../../src/client/index.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { type Asked, libraryScene } from './library-scene.js';

const T0 = Date.UTC(2024, 0, 1);
const LISTED = Date.UTC(2020, 0, 1);
const simulated = { outages: [], listed: '2020-01-01' };
const scene = await libraryScene({ after }, { simulated });
await scene.start();
const tk = await scene.library();

const code = (expected: string) => (error: unknown) => error instanceof TapekeepError && error.code === expected;
const spanOf = (asked: readonly Asked[]) => ({ from: Math.min(...asked.map(a => a.from)), to: Math.max(...asked.map(a => a.to)) });
const truthOf = (symbol: string, from: number, to: number) => truth({ outages: [], listed: LISTED }, symbol, '1m', { from, to });

test('the first call loads what is missing, the second sends no request', async () => {
  const before = tk.counts();
  const first = await tk.getOhlcv('CACHED', '1m', T0, T0 + 5 * DAY);
  const { ts, close } = truthOf('CACHED', T0, T0 + 5 * DAY);
  assert.equal(first.height, ts.length);
  assert.deepEqual(first.getColumn('close').toArray(), [...close]);
  const asked = scene.asked('CACHED').length;
  assert.ok(asked >= 5);
  const second = await tk.getOhlcv('CACHED', '1m', T0, T0 + 5 * DAY);
  assert.ok(second.frameEqual(first));
  assert.equal(
    (await tk.getOhlcv('CACHED', '1m', T0 + DAY, T0 + DAY + HOUR)).height,
    truthOf('CACHED', T0 + DAY, T0 + DAY + HOUR).ts.length,
  );
  assert.equal(scene.asked('CACHED').length, asked);
  const counted = tk.counts();
  assert.deepEqual([counted.loaded - before.loaded, counted.fromTable - before.fromTable], [1, 2]);
});

test('of a range that is there in part, exactly the missing piece is asked for', async () => {
  await tk.getOhlcv('PARTLY', '1m', T0, T0 + 2 * DAY);
  await tk.getOhlcv('PARTLY', '1m', T0 + 4 * DAY, T0 + 5 * DAY);
  const before = scene.asked('PARTLY').length;
  const frame = await tk.getOhlcv('PARTLY', '1m', T0 + DAY, T0 + 5 * DAY);
  assert.equal(frame.height, truthOf('PARTLY', T0 + DAY, T0 + 5 * DAY).ts.length);
  assert.deepEqual(spanOf(scene.asked('PARTLY').slice(before)), { from: T0 + 2 * DAY, to: T0 + 4 * DAY });
});

test('a frame and an Arrow table hold the same rows', async () => {
  const frame = await tk.getOhlcv('ARROW', '1m', T0, T0 + DAY);
  const table: Table = await tk.getOhlcv('ARROW', '1m', T0, T0 + DAY, { as: 'arrow' });
  assert.equal(table.numRows, frame.height);
  assert.deepEqual(
    table.schema.fields.map(f => f.name),
    frame.columns,
  );
  for (const name of ['open', 'high', 'low', 'close', 'volume', 'turnover'])
    assert.deepEqual([...(table.getChild(name) ?? [])], frame.getColumn(name).toArray(), name);
  assert.deepEqual([...(table.getChild('source') ?? [])], frame.getColumn('source').toArray());
  const { ts } = truthOf('ARROW', T0, T0 + DAY);
  assert.deepEqual([...(table.getChild('ts') ?? [])].map(Number), [...ts]);
});

test('hours made of minutes load the minutes they need, once', async () => {
  const hours = await tk.getOhlcv('MADE', '1h', T0 + 1, T0 + DAY + 1, { madeOf: '1m' });
  assert.equal(hours.height, 24);
  assert.deepEqual(spanOf(scene.asked('MADE')), { from: T0 + HOUR, to: T0 + DAY + HOUR });
  const { open, high } = truthOf('MADE', T0 + HOUR, T0 + 2 * HOUR);
  assert.deepEqual([hours.getColumn('open').get(0), hours.getColumn('high').get(0)], [open[0], Math.max(...high)]);
  const asked = scene.asked('MADE').length;
  assert.ok((await tk.getOhlcv('MADE', '1h', T0 + 1, T0 + DAY + 1, { madeOf: '1m' })).frameEqual(hours));
  assert.equal(scene.asked('MADE').length, asked);
});

test("with load: 'never', what is absent is an error that says so, and nothing is started", async () => {
  await assert.rejects(tk.getOhlcv('ABSENT', '1m', T0, T0 + DAY, { load: 'never' }), code('SERIES_UNKNOWN'));
  assert.deepEqual(scene.asked('ABSENT'), []);
  assert.ok(!(await tk.loads()).some(({ series }) => series.symbol === 'ABSENT'));
});

test("with load: 'never', a range that is there in part gives the part", async () => {
  await tk.getOhlcv('HALF', '1m', T0, T0 + DAY);
  const asked = scene.asked('HALF').length;
  const frame = await tk.getOhlcv('HALF', '1m', T0 - DAY, T0 + 2 * DAY, { load: 'never' });
  assert.equal(frame.height, truthOf('HALF', T0, T0 + DAY).ts.length);
  assert.equal(scene.asked('HALF').length, asked);
});

test('a range before the listing is empty, is not asked for again, and has the columns of any other', async () => {
  const range = [LISTED - 2 * DAY, LISTED - DAY] as const;
  const frame = await tk.getOhlcv('EARLY', '1m', ...range);
  assert.equal(frame.height, 0);
  const loads = (await tk.loads()).length;
  const again = await tk.getOhlcv('EARLY', '1m', ...range);
  assert.equal(again.height, 0);
  assert.equal((await tk.loads()).length, loads);
  const some = await tk.getOhlcv('EARLY', '1m', LISTED - HOUR, LISTED + HOUR);
  assert.equal(some.height, truthOf('EARLY', LISTED, LISTED + HOUR).ts.length);
  assert.deepEqual(again.schema, some.schema);
});

test('a range across the listing of a series that was loaded since its listing is answered', async () => {
  await tk.load({ symbol: 'LISTED', timeframe: '1d', to: LISTED + 10 * DAY });
  const frame = await tk.getOhlcv('LISTED', '1d', LISTED - 5 * DAY, LISTED + 5 * DAY);
  assert.equal(frame.height, 5);
});

test('a range that ends in the future gives the bars that are final', async () => {
  const now = Date.now();
  const frame = await tk.getOhlcv('TODAY', '1m', now - HOUR, now + DAY);
  const last =
    Number(
      frame
        .getColumn('ts')
        .cast((await import('nodejs-polars')).default.Int64)
        .toArray()
        .at(-1),
    ) / 1000;
  assert.ok(last >= now - 4 * MINUTE && last < Date.now(), new Date(last).toISOString());
});

test('a range wholly in the future is refused, and nothing is started', async () => {
  const now = Date.now();
  await assert.rejects(tk.getOhlcv('TOMORROW', '1m', now + DAY, now + 2 * DAY), code('INTERVAL_INVALID'));
  assert.ok(!(await tk.list()).some(({ series }) => series.symbol === 'TOMORROW'));
});

test('an unknown symbol is one clear error, and leaves no table', async () => {
  await assert.rejects(tk.getOhlcv('NOTHING', '1m', T0, T0 + DAY), code('SYMBOL_UNKNOWN'));
  assert.ok(!(await tk.list()).some(({ series }) => series.symbol === 'NOTHING'));
});

test('a weekly series, which the exchange does not serve, is one clear error', async () => {
  await assert.rejects(tk.getOhlcv('WEEKLY', '1w', T0, T0 + 70 * DAY), code('TIMEFRAME_NOT_SERVED'));
});

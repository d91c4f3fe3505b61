/** Loads as a program orders and follows them, on a real daemon. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Progress, TapekeepError } from '../../src/client/index.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { libraryScene, until } from './library-scene.js';

const T0 = Date.UTC(2024, 0, 1);
const simulated = { latencyMs: 20, outages: [] };
const scene = await libraryScene({ after }, { simulated, worker: { batchBars: 100_000 } });
await scene.start();
const tk = await scene.library();

/** Long enough to be turned while it runs: some hundred pages of 20 ms each. */
const LONG = { from: T0, to: T0 + 400 * DAY };

const expectedRows = (symbol: string, timeframe: '1m' | '1h' | '1d', from: number, to: number): number =>
  truth({ outages: [] }, symbol, timeframe, { from, to }).ts.length;

async function rowsOf(symbol: string, timeframe: string): Promise<number> {
  return (await (await tk.read({ symbol, timeframe })).collect()).height;
}

const code = (expected: string) => (error: unknown) => error instanceof TapekeepError && error.code === expected;

test('one call loads several symbols and timeframes, and each is followed to its end', async () => {
  const heard = new Map<string, Progress[]>();
  const loaded = await tk.load(
    { symbol: ['SOL', 'ADA'], timeframe: ['1m', '1h', '1d'], from: T0, to: T0 + 10 * DAY },
    {
      onProgress(progress, { symbol, timeframe }) {
        const key = `${symbol} ${timeframe}`;
        heard.set(key, [...(heard.get(key) ?? []), progress]);
      },
    },
  );
  assert.equal(loaded.length, 6);
  for (const { series, outcome, added, how } of loaded) {
    const { symbol, timeframe } = series;
    const rows = expectedRows(symbol, timeframe as '1m', T0, T0 + 10 * DAY);
    assert.deepEqual({ outcome, added, how }, { outcome: 'done', added: rows, how: 'started' }, `${symbol} ${timeframe}`);
    assert.equal(await rowsOf(symbol, timeframe), rows);
    const progress = heard.get(`${symbol} ${timeframe}`) as Progress[];
    assert.equal(progress.at(-1)?.state, 'done');
    assert.equal(progress.at(-1)?.percent, 100);
    assert.ok(progress.every((p, i) => i === 0 || p.percent >= (progress[i - 1] as Progress).percent));
  }
});

test('what a listener throws never harms the load', async () => {
  let calls = 0;
  const [loaded] = await tk.load(
    { symbol: 'THROWS', timeframe: '1m', from: T0, to: T0 + 30 * DAY },
    {
      onProgress() {
        calls++;
        throw new Error('the screen is gone');
      },
    },
  );
  assert.equal(loaded?.outcome, 'done');
  assert.equal(loaded?.added, expectedRows('THROWS', '1m', T0, T0 + 30 * DAY));
  assert.equal(calls, 1);
});

test('an abort cancels the load; it tells how many bars it kept, and they are in the table', async () => {
  const abort = new AbortController();
  const [loaded] = await tk.load(
    { symbol: 'ABORT', timeframe: '1m', ...LONG },
    { signal: abort.signal, onProgress: ({ barsDone }) => barsDone > 100_000 && abort.abort('enough for today') },
  );
  assert.ok(loaded);
  assert.equal(loaded.outcome, 'cancelled');
  assert.ok(loaded.added >= 100_000, `${loaded.added} bars kept`);
  assert.equal(await rowsOf('ABORT', '1m'), loaded.added);
  const { progress } = await tk.progress(loaded.load);
  assert.deepEqual([progress?.state, progress?.why], ['cancelled', 'enough for today']);
});

test('a signal that was aborted before starts nothing', async () => {
  const abort = AbortSignal.abort();
  await assert.rejects(tk.load({ symbol: 'NEVERBEGUN', timeframe: '1m', ...LONG }, { signal: abort }), code('LOAD_CANCELLED'));
  assert.deepEqual(scene.asked('NEVERBEGUN'), []);
});

test('two programs that want the same share one load, and no page is asked for twice', async () => {
  const other = await scene.library();
  // It has found the daemon before the first load begins.
  await other.loads(1);
  const wanted = { symbol: 'SHARED', timeframe: '1m', from: T0, to: T0 + 200 * DAY };
  const first = tk.load(wanted);
  await until('the first request', () => scene.asked('SHARED').length > 0);
  const second = other.load({ ...wanted, to: T0 + 50 * DAY });
  const [[a], [b]] = await Promise.all([first, second]);
  assert.deepEqual([a?.how, b?.how], ['started', 'joined']);
  assert.equal(a?.load, b?.load);
  const froms = scene.asked('SHARED').map(({ from }) => from);
  assert.equal(new Set(froms).size, froms.length);
});

test('an order for more than the running load extends it', async () => {
  const wanted = { symbol: 'LONGER', timeframe: '1m', from: T0 };
  const first = tk.load({ ...wanted, to: T0 + 120 * DAY });
  await until('the first request', () => scene.asked('LONGER').length > 0);
  const [b] = await tk.load({ ...wanted, to: T0 + 150 * DAY });
  await first;
  assert.equal(b?.how, 'extended');
  assert.equal(await rowsOf('LONGER', '1m'), expectedRows('LONGER', '1m', T0, T0 + 150 * DAY));
});

test('one order of several that fails stops no other: load tells of the failure at the end, loadEach of each by itself', async () => {
  const wanted = { symbol: ['NOSUCH', 'BRAVE'], timeframe: '1h', from: T0, to: T0 + 10 * DAY };
  await assert.rejects(tk.load(wanted), code('SYMBOL_UNKNOWN'));
  assert.equal(await rowsOf('BRAVE', '1h'), 240 - quiet('BRAVE', T0, T0 + 10 * DAY));
  const each = await tk.loadEach(wanted);
  assert.deepEqual(
    each.map(o => ('error' in o ? (o.error as TapekeepError).code : o.loaded.outcome)),
    ['SYMBOL_UNKNOWN', 'nothing'],
  );
});

const quiet = (symbol: string, from: number, to: number): number => (to - from) / HOUR - expectedRows(symbol, '1h', from, to);

test('a load of what is there asks the exchange nothing', async () => {
  const wanted = { symbol: 'TWICE', timeframe: '1m', from: T0, to: T0 + 2000 * MINUTE };
  await tk.load(wanted);
  const asked = scene.asked('TWICE').length;
  const [again] = await tk.load(wanted);
  assert.deepEqual([again?.outcome, again?.added, again?.requests], ['nothing', 0, 0]);
  assert.equal(scene.asked('TWICE').length, asked);
});

test('an order that cannot be is refused in one line, and nothing is written', async () => {
  const wrong: [string, Parameters<typeof tk.load>[0]][] = [
    ['TIMEFRAME_UNKNOWN', { symbol: 'WRONG', timeframe: '7m' }],
    ['SYMBOL_INVALID', { symbol: '', timeframe: '1m' }],
    ['INTERVAL_INVALID', { symbol: 'WRONG', timeframe: '1m', from: '2024-02-01', to: '2024-01-01' }],
    ['INTERVAL_INVALID', { symbol: 'WRONG', timeframe: '1m', from: '2124-01-01' }],
    ['INTERVAL_INVALID', { symbol: 'WRONG', timeframe: '1m', from: 'yesterday' }],
    ['PROVIDER_UNKNOWN', { symbol: 'WRONG', timeframe: '1m', provider: 'nobody' }],
  ];
  for (const [expected, order] of wrong) {
    await assert.rejects(tk.load(order), (error: unknown) => code(expected)(error) && !(error as Error).message.includes('\n'), expected);
  }
  assert.deepEqual(scene.asked('WRONG'), []);
  assert.ok(!(await tk.list()).some(({ series }) => series.symbol === 'WRONG'));
});

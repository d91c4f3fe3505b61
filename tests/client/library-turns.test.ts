/** Running loads are watched, paused and cancelled by name; what was done is listed. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { TapekeepError } from '../../src/client/index.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { libraryScene, until } from './library-scene.js';

const T0 = Date.UTC(2024, 0, 1);
const scene = await libraryScene({ after }, { simulated: { latencyMs: 20, outages: [] }, worker: { batchBars: 100_000 } });
await scene.start();
const tk = await scene.library();
const LONG = { from: T0, to: T0 + 400 * DAY };
const code = (expected: string) => (error: unknown) => error instanceof TapekeepError && error.code === expected;

test('a load that nobody waits for is submitted, followed by its id, and found when it is over', async () => {
  const [submitted] = await tk.submit({ symbol: 'SUBMIT', timeframe: '1m', from: T0, to: T0 + 50 * DAY });
  assert.ok(submitted);
  assert.equal(submitted.how, 'started');
  const seen = await until('some progress', async () => {
    const { progress } = await tk.progress(submitted.load);
    return progress && progress.barsDone > 0 ? progress : undefined;
  });
  assert.equal(seen.steps, 7);
  assert.ok(seen.barsAll >= seen.barsDone && seen.percent > 0 && seen.percent <= 100);
  const row = await until('its end', async () => (await tk.loads()).find(r => r.load === submitted.load && r.endedAt !== null));
  assert.deepEqual([row.outcome, row.provider, row.series.symbol], ['done', 'simulated', 'SUBMIT']);
  const { progress, row: same } = await tk.progress(submitted.load);
  assert.deepEqual([progress?.state, progress?.percent, same.outcome], ['done', 100, 'done']);
});

test('a paused load asks for nothing until it is resumed, and then goes on to its end', async () => {
  const following = tk.load({ symbol: 'PAUSED', timeframe: '1m', from: T0, to: T0 + 150 * DAY });
  await until('the first request', () => scene.asked('PAUSED').length > 0);
  await tk.pause('PAUSED 1m', 'the line is needed');
  const { progress } = await tk.progress('PAUSED 1m');
  assert.deepEqual([progress?.state, progress?.why, progress?.estimatedEnd], ['paused', 'the line is needed', null]);
  await until('the segments in flight', async () => {
    const before = scene.asked('PAUSED').length;
    await new Promise(resolve => setTimeout(resolve, 300));
    return scene.asked('PAUSED').length === before;
  });
  assert.ok(scene.asked('PAUSED').length < 216);
  await tk.resume('PAUSED 1m');
  const [loaded] = await following;
  assert.equal(loaded?.outcome, 'done');
  const froms = scene.asked('PAUSED').map(({ from }) => from);
  assert.deepEqual([froms.length, new Set(froms).size], [216, 216]);
});

test('a load is cancelled by the name of its series; its follower hears what was kept', async () => {
  const following = tk.load({ symbol: 'STOPPED', timeframe: '1m', ...LONG });
  await until('a first commit', async () => (await tk.list()).find(({ series }) => series.symbol === 'STOPPED'));
  const row = await tk.cancel('STOPPED 1m', 'wrong symbol');
  const [loaded] = await following;
  assert.equal(loaded?.outcome, 'cancelled');
  assert.equal(loaded?.load, row.load);
  const held = (await tk.list()).find(({ series }) => series.symbol === 'STOPPED');
  assert.equal(held?.rows, loaded?.added);
  await assert.rejects(tk.cancel(row.load), code('LOAD_OVER'));
});

test('a word on a load that has ended leaves alone the next one of its series; on the series it goes to that one, and says so', async () => {
  const twice = { symbol: 'TWICE', timeframe: '1m' };
  const [first] = await tk.load({ ...twice, from: T0, to: T0 + DAY });
  const [next] = await tk.submit({ ...twice, from: T0 - 1_000 * DAY, to: LONG.to });
  assert.ok(first && next && first.load !== next.load);
  const paused = await tk.pause('TWICE 1m', 'first');
  assert.equal(paused.load, next.load);
  for (const turn of ['pause', 'resume', 'cancel'] as const)
    await assert.rejects(tk[turn](first.load, 'not that one'), (error: TapekeepError) => {
      assert.equal(error.code, 'LOAD_OVER');
      assert.match(
        error.message,
        new RegExp(`load ${first.load} was not \\w+: it ended as done at .*Z\\. Load ${next.load} of the series`),
      );
      return true;
    });
  assert.equal((await tk.pause(next.load, 'second')).was, 'paused');
  const { progress } = await tk.progress(next.load);
  assert.deepEqual([progress?.state, progress?.why], ['paused', 'first']);
  assert.equal((await tk.resume(next.load)).was, 'paused');
  assert.equal((await tk.resume(next.load)).was, 'running');
  await tk.pause(next.load);
  // Two people at once: whoever comes second finds it cancelled, or over.
  const heard = await Promise.allSettled([tk.cancel('TWICE 1m', 'mine'), tk.cancel(next.load, 'yours')]);
  assert.ok(heard.some(({ status }) => status === 'fulfilled'));
  for (const each of heard) if (each.status === 'rejected') assert.equal(each.reason.code, 'LOAD_OVER');
  await until('its end', async () => (await tk.progress(next.load)).row.outcome === 'cancelled');
  await assert.rejects(tk.cancel('TWICE 1m'), code('LOAD_OVER'));
});

test('a load that nobody knows is one clear error', async () => {
  const turns = ['progress', 'cancel', 'pause', 'resume'] as const;
  for (const turn of turns) await assert.rejects(tk[turn]('01ARZ3NDEKTSV4RRFFQ69G5FAV'), code('LOAD_UNKNOWN'), turn);
});

test('list tells what is there, history who made it', async () => {
  await tk.load({ symbol: 'LISTED', timeframe: '1h', from: T0, to: T0 + 10 * DAY });
  await tk.load({ symbol: 'LISTED', timeframe: '1h', from: T0 + 10 * DAY, to: T0 + 12 * DAY });
  const held = (await tk.list()).find(({ series }) => series.symbol === 'LISTED');
  assert.deepEqual([held?.first, held?.last, held?.version], [T0, T0 + 12 * DAY - HOUR, 1]);
  const [newest, first] = await tk.history({ symbol: 'LISTED', timeframe: '1h' });
  const lineage = newest?.commitInfo?.tapekeep?.lineage;
  assert.deepEqual(
    [lineage?.by, lineage?.provider, lineage?.interval],
    ['library', 'simulated', { from: T0 + 10 * DAY, to: T0 + 12 * DAY }],
  );
  assert.deepEqual(first?.commitInfo?.tapekeep?.lineage.interval, { from: T0, to: T0 + 10 * DAY });
  const old = (await tk.read({ symbol: 'LISTED', timeframe: '1h' }, {}, { asOf: 0 })).collectSync();
  const now = (await tk.read({ symbol: 'LISTED', timeframe: '1h' })).collectSync();
  assert.deepEqual([old.height, now.height], [240, 288]);
});

test('loads are listed newest first', async () => {
  const all = await tk.loads();
  assert.ok(all.every((row, i) => i === 0 || row.startedAt <= (all[i - 1]?.startedAt as number)));
  assert.equal((await tk.loads(1)).length, 1);
});

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CancelledFailure } from '@temporalio/activity';
import { ActivityCancellationDetails, ApplicationFailure } from '@temporalio/common';
import { askedAgain } from '../e2e/journal.js';
import { truthOf } from '../e2e/truth.js';
import { readAll } from '../faults/assert-store.js';
import { attemptOf, loadWorld, orderOf, pages, planned } from './world.js';

/** One segment of ten pages: a hundred pages are cut by the most that a segment may have. */
const WIDE = pages(160);
const order = orderOf(WIDE);
const PAGES = 10;

type World = Awaited<ReturnType<typeof loadWorld>>;

const fetchOf = (world: World, note: string) => attemptOf(world.steps.fetch, order, note, 0);

/** The folder of the pages of the one segment that is fetched here. */
const segmentFolder = ({ root }: World): string => {
  const folder = join(root, '.tapekeep', 'pages', order.load);
  const [segment] = readdirSync(folder).filter(name => name.startsWith('simulated-'));
  return join(folder, segment as string);
};
const pageFiles = (world: World): string[] => readdirSync(segmentFolder(world)).filter(name => name.endsWith('.page'));

/** An attempt that ends behind the fifth page, as if the source had failed there. */
async function halfway(t: TestContext) {
  const world = await loadWorld(t, { faults: [{ request: 6, kind: 'error', code: 'PROVIDER_DOWN' }] });
  const note = await planned(world.steps, order);
  const first = fetchOf(world, note);
  await assert.rejects(first.result, /cannot be reached/);
  assert.equal(pageFiles(world).length, 5);
  return { world, note, first };
}

test('a segment goes on behind the last whole page, and its heartbeats tell the cursor', async t => {
  const { world, note, first } = await halfway(t);
  assert.deepEqual(
    first.beats.map(beat => (beat as { pages: number }).pages),
    [1, 2, 3, 4, 5],
  );
  const fetched = await fetchOf(world, note).result;
  assert.deepEqual([fetched.rows, fetched.requests, fetched.unanswered], [1_000, PAGES, 0]);
  assert.deepEqual(
    askedAgain(world.asked()).map(asked => asked.from),
    [WIDE.from + 500 * 60_000],
    'only the page that failed',
  );
});

test('a segment whose raw file is there and whole is not fetched again', async t => {
  const world = await loadWorld(t);
  const note = await planned(world.steps, order);
  const first = await fetchOf(world, note).result;
  const asked = world.asked().length;
  assert.deepEqual(await fetchOf(world, note).result, first);
  assert.equal(world.asked().length, asked);
});

test('B7: a raw file that was damaged since is fetched again', async t => {
  const world = await loadWorld(t);
  const note = await planned(world.steps, order);
  const first = await fetchOf(world, note).result;
  const folder = join(world.root, '.tapekeep', 'raw', order.load);
  const file = join(folder, readdirSync(folder)[0] as string);
  const bytes = readFileSync(file);
  bytes[100] = (bytes[100] as number) ^ 1;
  writeFileSync(file, bytes);
  assert.deepEqual(await fetchOf(world, note).result, first);
  assert.equal(world.asked().length, 2 * PAGES);
});

test('A14: a page that was torn by a power loss is asked for again, and those behind it', async t => {
  const { world, note } = await halfway(t);
  truncateSync(join(segmentFolder(world), '000003.page'), 200);
  const fetched = await fetchOf(world, note).result;
  assert.equal(fetched.rows, 1_000);
  assert.deepEqual(
    askedAgain(world.asked()).map(asked => (asked.from - WIDE.from) / 6_000_000),
    [3, 4, 5],
  );
});

test('C7, A7: only a cancel of the load lets go of a partial segment: a stopped worker, a pause, a reset, a time-out leave it', async t => {
  const reasons = [
    ['WORKER_SHUTDOWN', { workerShutdown: true }, true],
    ['PAUSED', { paused: true }, true],
    ['RESET', { reset: true }, true],
    ['TIMED_OUT', { timedOut: true }, true],
    ['NOT_FOUND', { notFound: true }, true],
    ['CANCELLED', { cancelRequested: true }, false],
  ] as const;
  for (const [reason, details, stays] of reasons) {
    const world = await loadWorld(t, { latencyMs: 20 });
    const note = await planned(world.steps, order);
    const attempt = fetchOf(world, note);
    while (attempt.beats.length < 3) await new Promise(resolve => setImmediate(resolve));
    attempt.cancel(reason, new ActivityCancellationDetails(details));
    await assert.rejects(attempt.result, CancelledFailure, reason);
    const folder = join(world.root, '.tapekeep', 'pages', order.load);
    const segments = readdirSync(folder).filter(name => name.startsWith('simulated-'));
    assert.equal(segments.length === 1 && pageFiles(world).length >= 3, stays, reason);
  }
});

test('failures come out by their code, and the table says what is tried again', async t => {
  const cases = [
    ['PROVIDER_DOWN', false],
    ['ANSWER_TRUNCATED', false],
    ['DISK_FULL', false],
    ['ANSWER_WRONG', true],
    ['BEYOND_DEPTH', true],
  ] as const;
  for (const [code, permanent] of cases) {
    const world = await loadWorld(t, { faults: [{ request: 1, kind: 'error', code }] });
    const failure = await failureOf(fetchOf(world, await planned(world.steps, order)).result);
    assert.deepEqual([failure.type, failure.nonRetryable], [code, permanent]);
    assert.equal((failure.details?.[0] as { provider: string } | undefined)?.provider, 'simulated', 'with its facts');
  }
});

test('D1: a source that asks us to wait is asked again after just that time, and it is no error in the logs', async t => {
  const world = await loadWorld(t, { faults: [{ request: 3, kind: 'error', code: 'RATE_LIMITED', ms: 1_234 }] });
  const failure = await failureOf(fetchOf(world, await planned(world.steps, order)).result);
  assert.deepEqual(
    [failure.type, failure.nonRetryable, failure.nextRetryDelay, failure.category],
    ['RATE_LIMITED', false, 1_234, 'BENIGN'],
  );
});

test('D9: a source whose cursor does not move on is stopped, with the place', async t => {
  const world = await loadWorld(t);
  const note = await planned(world.steps, order);
  const honest = world.house.providers.get('simulated');
  const stuck = {
    ...honest,
    async *pages(...ask: Parameters<typeof honest.pages>) {
      for await (const page of honest.pages(...ask)) yield { ...page, next: WIDE.from };
    },
  };
  Object.assign(world.house, { providers: { names: ['simulated'], get: () => stuck } });
  const failure = await failureOf(fetchOf(world, note).result);
  assert.deepEqual([failure.type, failure.nonRetryable], ['NO_PROGRESS', true]);
  assert.match(failure.message, new RegExp(`do not move on from ${WIDE.from}`));
});

test('D10: a page that failed is no answer: its bars count as missing, and its time does not become coverage', async t => {
  const world = await loadWorld(t, { faults: [{ request: 4, kind: 'nulls' }] });
  const note = await planned(world.steps, order);
  const fetched = await fetchOf(world, note).result;
  assert.deepEqual([fetched.rows, fetched.unanswered], [900, 100]);
  const merged = await attemptOf(world.steps.merge, order, note, { number: 0, firstOfPlan: true }, [fetched]).result;
  await attemptOf(world.steps.validate, order, merged.proposal).result;
  await attemptOf(world.steps.commit, order, merged.proposal).result;
  const { holdings } = await world.store.open(order.series);
  const minute = (n: number) => WIDE.from + n * 60_000;
  assert.deepEqual(holdings.coverage, [
    { from: minute(0), to: minute(300) },
    { from: minute(400), to: minute(1_000) },
  ]);
  assert.deepEqual(holdings.ledger, []);
});

test('A3: a commit that landed is found by the next attempt, and by one that merges anew', async t => {
  const world = await loadWorld(t);
  const note = await planned(world.steps, order);
  const fetched = await fetchOf(world, note).result;
  const merge = () => attemptOf(world.steps.merge, order, note, { number: 0, firstOfPlan: true }, [fetched]).result;
  const merged = await merge();
  await attemptOf(world.steps.validate, order, merged.proposal).result;
  const commit = (proposal: string) => attemptOf(world.steps.commit, order, proposal).result;
  assert.deepEqual(await commit(merged.proposal), { outcome: 'committed', version: 0, bars: { added: 1_000, replaced: 0 } });
  assert.deepEqual(await commit(merged.proposal), { outcome: 'already', version: 0 });
  assert.deepEqual(await commit((await merge()).proposal), { outcome: 'already', version: 0 });
  const table = await world.store.open(order.series);
  assert.equal(table.snapshot.version, 0);
  const first = { from: WIDE.from, to: WIDE.from + 1_000 * 60_000 };
  assert.deepEqual(await readAll(world.store, table), truthOf(world.settings, 'BTCUSDT', first));
});

test('what closes a load lets go of its staging, and keeps raw files for the sweeper', async t => {
  const { world, note } = await halfway(t);
  await fetchOf(world, note).result;
  await attemptOf(world.steps.close, [order.load]).result;
  assert.ok(!existsSync(join(world.root, '.tapekeep', 'pages', order.load)));
  assert.equal(readdirSync(join(world.root, '.tapekeep', 'raw', order.load)).length, 1);
  await attemptOf(world.steps.close, [order.load]).result;
});

test('E2: ids and notes that are paths are refused before anything is touched', async t => {
  const world = await loadWorld(t);
  const note = await planned(world.steps, order);
  const before = readdirSync(world.folder, { recursive: true }).sort();
  const hostile = [
    () => fetchOf(world, '../../secret').result,
    () => fetchOf(world, '/etc/passwd').result,
    () => attemptOf(world.steps.fetch, { ...order, load: '../../x' }, note, 0).result,
    () => attemptOf(world.steps.fetch, { ...order, load: '/tmp/x' }, note, 0).result,
    () => attemptOf(world.steps.fetch, { ...order, provider: '../x' }, note, 0).result,
    () => attemptOf(world.steps.fetch, order, note, 99).result,
    () => attemptOf(world.steps.local, { ...order, series: { ...order.series, symbol: '../../x' } }).result,
    () => attemptOf(world.steps.local, { ...order, series: { ...order.series, dataset: '..' } }).result,
    () => attemptOf(world.steps.commit, { ...order, load: 'a/b' }, note).result,
    () => attemptOf(world.steps.close, ['../../..']).result,
  ];
  for (const attempt of hostile) await failureOf(attempt());
  assert.deepEqual(readdirSync(world.folder, { recursive: true }).sort(), before);
});

async function failureOf(result: Promise<unknown>): Promise<ApplicationFailure> {
  try {
    await result;
  } catch (error) {
    assert.ok(error instanceof ApplicationFailure, String(error));
    return error;
  }
  throw new Error('it was expected to fail');
}

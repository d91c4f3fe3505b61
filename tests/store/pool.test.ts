/** Frame work in child processes: a crash in there is a failed attempt, and nothing stays behind. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isTapekeepError } from '../../src/model/errors.js';
import { MINUTE } from '../../src/model/timeframe.js';
import run from '../../src/store/frames/child.js';
import { frameChildren, type Store } from '../../src/store/index.js';
import { bars, put, requestFor, SERIES, T0, testFolder, testStore } from './fixture.js';
import { childrenOf, peakMbOf, until, withoutProc } from './processes.js';

const skip = withoutProc;
const CLOSE_SLOWLY = fileURLToPath(new URL('processes/close-slowly.js', import.meta.url));

/** Candidates of ten bars each: the job takes a while, and its files tell how far it is. */
async function storeWithChildren(t: TestContext): Promise<Store> {
  return testStore(t, { frames: frameChildren({ children: 1 }), sliceRows: 10 });
}

const noneLeft = () => until('no process is left', () => childrenOf().length === 0);

/** Its child is stopped in the middle of a job. Where who looks came too late, the next job is looked at. */
async function stoppedInMidJob(store: Store) {
  for (let n = 0; ; n++) {
    const request = await requestFor(store, bars(T0 + 5 * MINUTE, 1500), { load: `killed-${n}` });
    const folder = join(store.house.folders.candidates, `killed-${n}`);
    const written = async () => (await readdir(folder).catch(() => [])).length;
    const job = store.merge(request).then(
      () => undefined,
      (error: unknown) => error,
    );
    await until('the job is in its middle', async () => (await written()) > 2);
    const [child] = childrenOf() as [number];
    process.kill(child, 'SIGSTOP');
    if ((await written()) < 100) return { request, job, child };
    process.kill(child, 'SIGCONT');
    assert.equal(await job, undefined);
  }
}

test('a frame child killed in mid-job is FRAME_CRASHED, may be retried, and the next job works', { skip }, async t => {
  const store = await storeWithChildren(t);
  await put(store, bars(T0, 5));
  const { request, job, child } = await stoppedInMidJob(store);
  process.kill(child, 'SIGKILL');
  const error = await job;
  assert.ok(isTapekeepError(error, 'FRAME_CRASHED') && !error.permanent && error.facts.step === 'merge');
  assert.equal((await store.open(SERIES)).snapshot.version, 0);
  assert.deepEqual((await store.write(request)).version, 1);
  assert.equal((await store.read(await store.open(SERIES))).height, 1505);
  await store.close();
  await noneLeft();
});

test('a child is there before the work comes; after the end nobody gets ready any more', { skip }, async t => {
  const store = await storeWithChildren(t);
  store.getReady();
  await until('a child is there', () => childrenOf().length === 1);
  assert.equal((await put(store, bars(T0, 5))).kind, 'committed');
  assert.equal(childrenOf().length, 1);
  await store.close();
  store.getReady();
  await noneLeft();
});

test('a child that is killed while it has nothing to do is not missed', { skip }, async t => {
  const store = await storeWithChildren(t);
  await put(store, bars(T0, 5));
  process.kill(childrenOf()[0] as number, 'SIGKILL');
  await noneLeft();
  assert.equal((await put(store, bars(T0 + 5 * MINUTE, 5), { load: 'next' })).kind, 'committed');
  await store.close();
  await noneLeft();
});

test('who waits for a child that dies before it is ready fails with it, and may try again', { skip }, async t => {
  const frames = frameChildren({ children: 1 });
  t.after(() => frames.close());
  const jobs = [frames.ready(), frames.ready(), frames.ready()].map(job =>
    assert.rejects(job, error => isTapekeepError(error, 'FRAME_CRASHED') && !error.permanent),
  );
  await until('a child is there', () => childrenOf().length === 1);
  process.kill(childrenOf()[0] as number, 'SIGKILL');
  await Promise.all(jobs);
  await frames.ready();
  await frames.close();
  await noneLeft();
});

test('who waits behind a job whose child is killed does not wait for ever', { skip }, async t => {
  const frames = frameChildren({ children: 1 });
  t.after(() => frames.close());
  await frames.ready();
  process.kill(childrenOf()[0] as number, 'SIGSTOP');
  const jobs = [frames.ready(), frames.ready()].map(job => assert.rejects(job, error => isTapekeepError(error, 'FRAME_CRASHED')));
  process.kill(childrenOf()[0] as number, 'SIGKILL');
  await Promise.all(jobs);
  await frames.ready();
  await frames.close();
  await noneLeft();
});

test('what a child refuses comes back as its code and facts', { skip }, async t => {
  const store = await storeWithChildren(t);
  const attempt = put(store, bars(T0, 5), { answered: [{ from: T0, to: T0 + 3 * MINUTE }] });
  await assert.rejects(attempt, error => isTapekeepError(error, 'CANDIDATE_REFUSED') && /outside what was answered/.test(error.message));
  await store.close();
});

test('what goes wrong unforeseen in a child is told, and the child goes on', { skip }, async t => {
  const store = await storeWithChildren(t);
  const nonsense = { pages: 'not a list' } as unknown as Parameters<typeof store.house.frames.stage>[0];
  await assert.rejects(store.house.frames.stage(nonsense), error => isTapekeepError(error));
  assert.equal((await put(store, bars(T0, 5))).kind, 'committed');
  await store.close();
});

test('what runs in a child answers with plain facts: the result, our code, or what was unforeseen', async t => {
  const job = { pages: [], outFolder: join(await testFolder(t), 'out') };
  assert.ok('done' in (await run({ step: 'stage', job })));
  const missing = await run({ step: 'stage', job: { pages: ['/nowhere'], outFolder: job.outFolder } });
  assert.ok('failed' in missing && missing.failed.code === 'FILE_MISSING' && missing.failed.facts.file === '/nowhere');
  const odd = await run({ step: 'stage', job: { pages: 7 } });
  assert.ok('failed' in odd && odd.failed.code === 'INTERNAL');
});

test('children end on close, and no process is left', { skip }, async t => {
  const store = await storeWithChildren(t);
  await put(store, bars(T0, 5));
  assert.equal(childrenOf().length, 1);
  await store.close();
  await noneLeft();
});

test('a program that closes is not over before its children are, however long they take', { skip }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [CLOSE_SLOWLY]);
  assert.equal(stdout, 'closed\n');
});

test('children end by themselves when there is nothing to do', { skip }, async t => {
  const store = await testStore(t, { frames: frameChildren({ children: 1, idleMs: 50 }) });
  await put(store, bars(T0, 5));
  await noneLeft();
  assert.equal((await put(store, bars(T0 + 5 * MINUTE, 5), { load: 'again' })).kind, 'committed');
  await store.close();
  await noneLeft();
});

test('a child does not grow with the number of its jobs', { skip }, async t => {
  const frames = frameChildren({ children: 1 });
  t.after(() => frames.close());
  const store = await testStore(t, { frames });
  const inputs = [await store.stageBars('big', [bars(T0, 100_000)])];
  const outFolder = await testFolder(t);
  const work = () =>
    frames.merge({
      series: 'big',
      inputs,
      files: [],
      held: [],
      answered: [],
      timeframe: '1m',
      rule: 'newer',
      sliceRows: 1_000_000,
      outFolder,
    });
  for (let i = 0; i < 8; i++) await work();
  const [child] = childrenOf();
  const early = peakMbOf(child as number);
  for (let i = 0; i < 16; i++) await work();
  assert.ok(peakMbOf(child as number) < early * 1.3 + 20, `${early} MB after 8 jobs, ${peakMbOf(child as number)} MB after 24`);
  await store.close();
});

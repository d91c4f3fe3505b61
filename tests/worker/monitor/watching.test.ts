/** What matters is told within seconds of its cause, and nothing is looked at more often for it: on a clock that is held. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { type Alarm, Watching } from '../../../src/worker/monitor/watching.js';
import { Bell, type Ring } from '../../../src/worker/notices/bell.js';
import { ringing } from '../../../src/worker/notices/ringing.js';
import { pages } from '../../activities/world.js';
import { ID, MINUTE, scene } from './scene.js';

const SECOND = 1_000;
const WORKFLOW = { workflowId: `load/${ID}`, runId: 'run' };

/** Nothing happens on it but when the test goes on. */
class HeldAlarm implements Alarm {
  private waiting: { readonly at: number; readonly act: () => void }[] = [];
  private at = 0;

  constructor(private readonly went: (ms: number) => void = () => {}) {}

  now = (): number => this.at;

  after(ms: number, act: () => void): () => void {
    const one = { at: this.at + ms, act };
    this.waiting.push(one);
    return () => {
      this.waiting = this.waiting.filter(other => other !== one);
    };
  }

  go(ms: number): void {
    this.at += ms;
    this.went(ms);
    const due = this.waiting.filter(one => one.at <= this.at);
    this.waiting = this.waiting.filter(one => one.at > this.at);
    for (const { act } of due) act();
  }
}

/** A daemon that watches: it looked at everything once, and its minute is far from over. */
async function watched(t: TestContext, flags: Record<string, unknown> = {}) {
  const s = await scene(t, flags);
  const looks: (readonly Ring[] | 'everything')[] = [];
  const alarm = new HeldAlarm(ms => s.set({ now: s.now() + ms }));
  let idle = Promise.resolve<unknown>(null);
  const watching = new Watching(rung => {
    looks.push(rung ?? 'everything');
    const looked = s.lookAt(rung);
    idle = looked;
    return looked;
  }, alarm);
  const bell = new Bell();
  bell.listen(ring => watching.ring(ring));
  s.onTurn(() => bell.ring('breaker-open'));
  await watching.everything();
  /** Second by second, each look coming to its end; answers after how many of them somebody was told. */
  const secondsUntilTold = async (within: number): Promise<number> => {
    for (let second = 1; second <= within; second++) {
      alarm.go(SECOND);
      for (let before: unknown; before !== idle; ) {
        before = idle;
        await idle;
        await new Promise(resolve => setImmediate(resolve));
      }
      if (s.hook.got.length > 0) return second;
    }
    return Number.POSITIVE_INFINITY;
  };
  return { ...s, bell, watching, alarm, looks, secondsUntilTold };
}

/** One attempt of a step of the load, as the worker passes it on. */
const stepOf = (bell: Bell, client: never, activityType: string, failure?: ApplicationFailure): Promise<unknown> => {
  const { inbound } = factoryOf(bell, client)({ info: { activityType, workflowType: 'loadSeries', workflowExecution: WORKFLOW } } as never);
  return inbound?.execute?.({ args: [], headers: {} }, async () => {
    if (failure) throw failure;
  }) as Promise<unknown>;
};

/** What it remembers of a load lasts from step to step. */
const factories = new WeakMap<Bell, ReturnType<typeof ringing>>();
const factoryOf = (bell: Bell, client: never) => {
  const known = factories.get(bell) ?? ringing(bell, client);
  factories.set(bell, known);
  return known;
};

test('a breaker that opens is told of within two seconds', async t => {
  const w = await watched(t);
  for (let i = 0; i < 20; i++) w.health.note('simulated', false, 10, 'PROVIDER_DOWN');
  assert.ok((await w.secondsUntilTold(60)) <= 2);
  assert.deepEqual(w.said(), ['begun breaker-open simulated']);
  assert.deepEqual(w.looks, ['everything', [{ kind: 'breaker-open' }]], 'it is looked once, at sources alone');
});

test('a series is told of within three seconds of turning stale, though nothing happens then', async t => {
  const w = await watched(t);
  w.set({ now: pages(3).to + 3 * MINUTE });
  await w.watching.everything();
  assert.deepEqual(w.said(), [], 'it is not stale yet');
  const seconds = await w.secondsUntilTold(75);
  // The fourth bar that is missing ends a minute later, and settles for two seconds.
  assert.ok(seconds > 62 && seconds <= 65, `${seconds} s`);
  assert.deepEqual(w.said(), [`begun series-stale ${ID}`]);
  assert.equal(w.looks.length, 3);
});

test('a load that fails for good is told of within two seconds of its end, before visibility knows of it', async t => {
  const w = await watched(t);
  let closed: () => void = () => {};
  const ended = new Promise<void>(resolve => {
    closed = resolve;
  });
  const client = {
    workflow: { getHandle: (id: string) => ({ result: () => ended.then(() => w.client.workflow.getHandle(id).result()) }) },
  };
  const step = (name: string, failure?: ApplicationFailure) => stepOf(w.bell, client as never, name, failure);
  w.set({ runs: { [`load/${ID}`]: { status: 'RUNNING', since: w.now() } } });
  const refused = ApplicationFailure.nonRetryable('binance does not accept the key', 'KEY_REFUSED');
  await assert.rejects(step('fetch', refused));
  assert.equal(await w.secondsUntilTold(30), Number.POSITIVE_INFINITY, 'others may stand in: the load goes on');
  await step('close');
  assert.equal(await w.secondsUntilTold(5), Number.POSITIVE_INFINITY, 'its last step is done, it has not ended');
  w.set({ runs: { [`load/${ID}`]: { status: 'FAILED', since: w.now(), reason: 'binance does not accept the key', unseen: true } } });
  closed();
  await new Promise(resolve => setImmediate(resolve));
  assert.ok((await w.secondsUntilTold(60)) <= 2);
  assert.equal(w.text(), 'the load of BTCUSDT 1m failed: binance does not accept the key');
  assert.deepEqual(w.said(), [`begun load-failed ${ID}`]);
});

test('a load that closes and did not fail for good is not looked at', async t => {
  const w = await watched(t);
  const client = { workflow: { getHandle: () => ({ result: async () => ({}) }) } } as never;
  await assert.rejects(stepOf(w.bell, client, 'fetch', ApplicationFailure.nonRetryable('away', 'BREAKER_OPEN')));
  await stepOf(w.bell, client, 'close');
  await stepOf(w.bell, client, 'close');
  assert.equal(await w.secondsUntilTold(20), Number.POSITIVE_INFINITY);
  assert.deepEqual(w.looks, ['everything']);
});

test('B1: a disk below its floor is told of within two seconds of the first step that finds no room', async t => {
  const w = await watched(t);
  w.set({ free: 1e6 });
  assert.equal(await w.secondsUntilTold(20), Number.POSITIVE_INFINITY, 'nobody wants room');
  await assert.rejects(stepOf(w.bell, {} as never, 'fetch', ApplicationFailure.create({ type: 'DISK_LOW', message: 'no room' })));
  assert.ok((await w.secondsUntilTold(60)) <= 2);
  assert.deepEqual(w.said(), [`begun disk-low ${w.root}`]);
});

test('when everything fails for a minute, it is looked at every five seconds at most, and each look tells of all at once', async () => {
  const alarm = new HeldAlarm();
  const looks: number[] = [];
  const watching = new Watching(async (rung = []) => {
    looks.push(rung.length);
    return null;
  }, alarm);
  for (let second = 0; second < 60; second++) {
    for (let n = 0; n < 10; n++) watching.ring({ kind: 'load-failed', about: `main/crypto/S${second}-${n}/1m` });
    alarm.go(SECOND);
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.ok(looks.length >= 10 && looks.length <= 13, `${looks.length} looks`);
  assert.equal(looks[0], 10, 'the first is not kept waiting');
  assert.ok(looks.slice(1).every(rung => rung === 50));
  watching.end();
});

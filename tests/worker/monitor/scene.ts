/** A daemon's look on a clock that is held, over real tables, with a real webhook; what the server knows is made up. */
import type { TestContext } from 'node:test';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { Health } from '../../../src/activities/index.js';
import type { Log } from '../../../src/logs.js';
import { providersFrom } from '../../../src/providers/index.js';
import type { Serves } from '../../../src/providers/provider.js';
import { parseSettings, resolved } from '../../../src/settings.js';
import { Meter } from '../../../src/worker/monitor/meter.js';
import { type Watched, watchOnce } from '../../../src/worker/monitor/watch.js';
import type { Ring } from '../../../src/worker/notices/bell.js';
import { tellerOf } from '../../../src/worker/notices/teller.js';
import { loadOnce } from '../../activities/load.js';
import { loadWorld, orderOf, pages } from '../../activities/world.js';
import { listener } from '../notices/listener.js';

export const MINUTE = 60_000;
export const ID = 'main/crypto/BTCUSDT/1m';

/** What the server knows: the newest run of each series, and what a failed one failed with. */
export interface Runs {
  readonly [workflowId: string]: {
    status: string;
    since: number;
    reason?: string;
    /** Visibility does not know of it yet. */
    unseen?: boolean;
  };
}

function fakeClient(runs: () => Runs | 'down'): Client {
  const known = () => {
    const found = runs();
    if (found === 'down') throw new Error('the server does not answer');
    return found;
  };
  const failure = (reason: string) => {
    const inner = ApplicationFailure.create({ type: 'KEY_REFUSED', message: reason });
    const step = new ActivityFailure('failed', 'fetch', '1', 'NON_RETRYABLE_FAILURE' as never, 'x', inner);
    return new WorkflowFailedError('failed', step, 'MAXIMUM_ATTEMPTS_REACHED' as never);
  };
  return {
    workflow: {
      list: async function* ({ query }: { query: string }) {
        const wanted = query.includes('Running') ? ['RUNNING'] : ['FAILED', 'TIMED_OUT'];
        for (const [workflowId, { status, since, unseen }] of Object.entries(known()))
          if (wanted.includes(status) && !unseen) yield { workflowId, startTime: new Date(since) };
      },
      getHandle: (workflowId: string) => ({
        describe: async () => {
          const run = known()[workflowId];
          if (!run) throw new WorkflowNotFoundError('none', workflowId, undefined);
          return { status: { name: run.status } };
        },
        result: async () => {
          throw failure(known()[workflowId]?.reason ?? '');
        },
      }),
    },
  } as unknown as Client;
}

export async function scene(t: TestContext, flags: Record<string, unknown> = {}, depthMs: Serves['depthMs'] = {}) {
  const world = await loadWorld(t);
  await loadOnce(world, orderOf(pages(3)));
  const simulated = world.house.providers.get('simulated');
  const providers = providersFrom([{ ...simulated, serves: { ...simulated.serves, depthMs } }]);
  const end = pages(3).to;
  let now = end + MINUTE;
  let runs: Runs | 'down' = {};
  let free = 9e9;
  const hook = await listener(t);
  const settings = resolved(
    parseSettings({ flags: { data: world.root, series: [{ symbol: 'BTCUSDT', timeframe: '1m' }], 'notices.webhook': hook.url, ...flags } }),
    { env: {}, folder: '/nowhere' },
  );
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const meter = new Meter(['simulated']);
  const turned: (() => void)[] = [];
  const health = new Health(
    () => now,
    undefined,
    () => {
      for (const hear of turned) hear();
    },
  );
  const watched: Watched = {
    settings,
    client: fakeClient(() => runs),
    house: { ...world.house, providers, store: { ...world.store, freeBytes: async () => free }, health, now: () => now },
    meter,
    teller: tellerOf(settings, {}, what => say(what)),
    log: { debug: say, info: say, warn: say, error: say } as unknown as Log,
  };
  const said = () => hook.got.splice(0).map(({ notice }) => `${notice.state} ${notice.kind} ${notice.causes.map(c => c.about).join(',')}`);
  return {
    hook,
    meter,
    health,
    onTurn: (hear: () => void) => turned.push(hear),
    lines,
    said,
    root: world.root,
    text: () => hook.got.at(-1)?.notice.text ?? '',
    texts: () => hook.got.map(({ notice }) => notice.text),
    set: (news: { now?: number; runs?: Runs | 'down'; free?: number }) => {
      now = news.now ?? now;
      runs = news.runs ?? runs;
      free = news.free ?? free;
    },
    /** A new daemon each time: all it knows is what was written down. */
    look: async (afterMs = MINUTE) => {
      now += afterMs;
      await watchOnce(watched);
    },
    /** At a part of it, and at this very moment. */
    lookAt: (rung?: readonly Ring[]) => watchOnce(watched, rung),
    client: watched.client,
    now: () => now,
  };
}

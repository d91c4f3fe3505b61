/** The monitor of a daemon, put together: what it serves, what it warns of, and that nothing of it is in the way. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Log } from '../../../src/logs.js';
import { parseSettings, resolved } from '../../../src/settings.js';
import { Meter } from '../../../src/worker/monitor/meter.js';
import { startMonitor } from '../../../src/worker/monitor/monitor.js';
import type { Monitored } from '../../../src/worker/monitor/monitored.js';
import { Bell } from '../../../src/worker/notices/bell.js';
import { freePort } from '../../../temporal/index.js';
import { loadWorld } from '../../activities/world.js';
import { until } from '../../e2e/until.js';

interface Seen {
  serverDown: boolean;
  polling: boolean;
  free: number;
}

async function scene(t: TestContext, flags: Record<string, unknown>) {
  const world = await loadWorld(t);
  const lines: string[] = [];
  const say = (level: string) => (line: string) => lines.push(`${level} ${line}`);
  const state: Seen = { serverDown: false, polling: true, free: 9e9 };
  const asked = async () => {
    if (state.serverDown) throw new Error('down');
    return {};
  };
  const poller = () => (state.polling ? 'POLLING' : 'SHUTDOWN');
  const monitored: Monitored = {
    settings: resolved(parseSettings({ flags: { data: world.root, ...flags } }), { env: {}, folder: '/nowhere' }),
    client: { workflow: { list: async function* () {}, count: asked } } as never,
    connection: { withDeadline: (_: number, ask: () => unknown) => ask(), workflowService: { getSystemInfo: asked } } as never,
    workers: { look: () => ({ state: 'RUNNING', polling: poller() === 'POLLING' }) },
    house: { ...world.house, store: { ...world.store, freeBytes: async () => state.free } },
    meter: new Meter(['simulated']),
    bell: new Bell(),
    log: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') } as unknown as Log,
    temporalMetrics: '127.0.0.1:1',
    keepNamespace: async () => {},
  };
  const monitor = await startMonitor(monitored);
  t.after(() => monitor.end());
  return { monitor, monitored, lines, state };
}

/** What the daemon says of a machine that had no time for it is true here, too, and not meant. */
const unstalled = (lines: readonly string[]): string[] => lines.filter(line => !/stood still/.test(line));

test('A12: a clock that is set back while the daemon runs is warned of in the log', async t => {
  let now = Date.UTC(2024, 2, 31, 1);
  t.mock.timers.enable({ apis: ['setInterval'] });
  t.mock.method(Date, 'now', () => now);
  const { monitored, lines } = await scene(t, { 'metrics.port': null });
  t.mock.timers.tick(5_000);
  assert.deepEqual(unstalled(lines), []);
  now -= 86_400_000;
  for (let i = 0; i < 3; i++) t.mock.timers.tick(5_000);
  const [line, ...more] = unstalled(lines);
  assert.match(String(line), /^warn the clock of this machine was set back by 86(399|400)\.\d s; stored bars are not touched by that$/);
  assert.deepEqual(more, [], 'once');
  assert.match(await monitored.meter.page(), /^tapekeep_clock_jumps_total\{direction="back"\} 1$/m);
});

test('A12: a change to summer time is no jump', async t => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.UTC(2024, 2, 31, 0, 59, 50) });
  const zone = process.env.TZ;
  process.env.TZ = 'Europe/Berlin';
  t.after(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const { lines } = await scene(t, { 'metrics.port': null });
  assert.equal(new Date().getHours(), 1);
  for (let i = 0; i < 8; i++) t.mock.timers.tick(5_000);
  assert.equal(new Date().getHours(), 3);
  assert.deepEqual(unstalled(lines), []);
});

test('a port that is taken is a clear warning, and nothing else', async t => {
  const port = await freePort('127.0.0.1');
  const other = createServer();
  await new Promise<void>(resolve => other.listen(port, '127.0.0.1', resolve));
  t.after(() => void other.close());
  const { monitor, lines } = await scene(t, { 'metrics.port': port });
  assert.equal(monitor.url, null);
  assert.deepEqual(unstalled(lines), [
    `warn /metrics and /health are not served: port ${port} of 127.0.0.1 is taken by another program. Loads are not touched by that; metrics.port names another port`,
  ]);
});

test('it is ready as long as the server answers, the worker polls and there is room; it lives in any case', async t => {
  const { monitor, state } = await scene(t, { 'metrics.port': await freePort('127.0.0.1') });
  const ask = async (path: string) => {
    const answer = await fetch(`${monitor.url}${path}`);
    return { status: answer.status, told: (await answer.json()) as Record<string, Record<string, unknown>> };
  };
  /** A page is told for a second before it is made anew. */
  const becomes = (path: string, status: number, part: string, what: string, value: unknown) =>
    until(
      async () => {
        const { status: found, told } = await ask(path).catch(() => ({ status: 0, told: {} as Record<string, Record<string, unknown>> }));
        return (found === status && told[part]?.[what] === value) || undefined;
      },
      () => `${path} to be ${status} with ${part}.${what} ${value}`,
    );
  const { longestStallMs, ...told } = (await ask('/health')).told;
  assert.equal(typeof longestStallMs, 'number');
  assert.deepEqual(told, {
    ready: true,
    server: { reachable: true },
    worker: { state: 'RUNNING', polling: true },
    disk: { enough: true, freeBytes: 9e9, floorBytes: 5e8 },
    resting: {},
  });
  state.serverDown = true;
  await becomes('/health', 503, 'server', 'reachable', false);
  state.serverDown = false;
  state.polling = false;
  await becomes('/health/ready', 503, 'worker', 'polling', false);
  state.polling = true;
  state.free = 1;
  await becomes('/health', 503, 'disk', 'enough', false);
  state.free = 9e9;
  await becomes('/health', 200, 'disk', 'enough', true);
  assert.equal((await ask('/health/live')).status, 200);
});

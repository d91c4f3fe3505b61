/**
 * The daemon with holds in its steps: at each hold it says so and waits, its heart beating, to be killed, cancelled or
 * released. All else is the daemon as it is. A hold is named `SYMBOL step when`, for a segment `SYMBOL fetch 3 when`, of
 * what is about no series `step when`.
 * Told to `block 10000`, its event loop stands still for so many ms.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { type Activities, type ActivityHouse, createActivities } from '../../../src/activities/index.js';
import { createLog } from '../../../src/logs.js';
import type { LoadOrder } from '../../../src/model/load.js';
import { readSettings } from '../../../src/settings.js';
import { runDaemon } from '../../../src/worker/daemon.js';

const BEAT_MS = 50;

const { flags, holds } = JSON.parse(process.argv[2] as string) as { flags: Record<string, unknown>; holds: string[] };
const held = new Set(holds);

createInterface({ input: process.stdin }).on('line', told => {
  const [, ms] = /^block (\d+)$/.exec(told) ?? [];
  if (ms !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
  held.delete(told);
});

async function hold(name: string): Promise<void> {
  if (!held.has(name)) return;
  process.stdout.write(`reached ${name}\n`);
  const context = Context.current();
  while (held.has(name) && !context.cancellationSignal.aborted) {
    context.heartbeat(context.info.heartbeatDetails);
    await sleep(BEAT_MS);
  }
}

type Step = (order: (LoadOrder & { readonly id?: string }) | null, ...more: unknown[]) => Promise<unknown>;

/** Of loads and changes, by their ids: some steps are only told those. */
const symbols = new Map<string | undefined, string>();

const holding = (name: string, step: Step): Step => {
  return async (order, ...more) => {
    const id = order?.load ?? order?.id;
    if (id !== undefined && order?.series) symbols.set(id, order.series.symbol);
    const at = [order?.series?.symbol ?? symbols.get(id), name, ...(name === 'fetch' ? [more[1]] : [])].join(' ').trim();
    await hold(`${at} before`);
    const result = await step(order, ...more);
    await hold(`${at} after`);
    return result;
  };
};

const heldSteps = (house: ActivityHouse): Activities =>
  Object.fromEntries(
    Object.entries(createActivities(house)).map(([name, step]) => [name, holding(name, step as unknown as Step)]),
  ) as unknown as Activities;

const settings = readSettings({ file: undefined, env: {}, flags, folder: process.cwd() });
mkdirSync(dirname(settings.logs.file), { recursive: true });
const log = createLog({ level: settings.logs.level, file: settings.logs.file });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const say = (line: string): void => void process.stdout.write(`${line}\n`);
await runDaemon({ settings, log, say, stop: stop.signal, onlyServe: true, steps: heldSteps }).finally(() => log.close());
process.exit();

/** What runs: the daemon, its server, its worker, and the loads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadOrder, workflowIdOf } from '../../model/load.js';
import type { Presence } from '../../model/presence.js';
import { nameOf } from '../../model/series.js';
import type { Store } from '../../store/index.js';
import type { Engine } from '../engine/engine.js';
import { openOrders } from '../loads/open-orders.js';
import type { LoadRow } from '../loads/row.js';
import { many, when } from '../screen/words.js';
import { type Finding, note, well, wrong } from './finding.js';
import { restingOf } from './resting.js';

/** Without a daemon: what waits for one. */
export function nobodyRuns(open: readonly LoadOrder[]): Finding[] {
  const waiting = open.map(order => nameOf(order.series)).join(', ');
  return [
    wrong('daemon', 'none runs on this data folder', 'tapekeep up starts one'),
    open.length === 0
      ? well('open loads', 'none')
      : note('open loads', `${many(open.length, 'load')} waiting for a daemon: ${waiting}`, 'tapekeep up goes on with them'),
  ];
}

export const daemonFinding = ({ pid, startedAt, uiUrl }: Presence): Finding =>
  well('daemon', `process ${pid}, since ${when(Date.parse(startedAt))}${uiUrl ? `, loads at ${uiUrl}` : ''}`);

/** A daemon that has just begun asks for one thing after the other. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 500;

export async function workerFinding(
  engine: Pick<Engine, 'unserved'>,
  { namespace, address, logFile }: Presence,
  sources: readonly string[],
  patienceMs = PATIENCE_MS,
): Promise<Finding[]> {
  const server = well('Temporal server', `answers at ${address}`);
  for (const deadline = performance.now() + patienceMs; ; await sleep(LOOK_EVERY_MS)) {
    const idle = await engine.unserved(namespace, sources);
    if (!idle.loads && idle.sources.length === 0) return [server, well('worker', 'asks for work')];
    if (performance.now() < deadline) continue;
    const found = idle.loads ? 'nobody asks the server for work' : `nobody asks the server for segments of ${idle.sources.join(', ')}`;
    return [server, wrong('worker', found, `look into ${logFile}, and start the daemon again`)];
  }
}

/** What stands still, each with the reason; one line when nothing does. */
export async function loadFindings(engine: Engine, store: Store): Promise<Finding[]> {
  const running = (await engine.loads.list(1_000)).filter(row => row.endedAt === null);
  const { running: all, standing } = await engine.standing(Date.now());
  const hindered = standing.map(({ what, workflowId, reason }) => wrong(what, reason, nextOf(running, workflowId)));
  for (const order of await openOrders(store)) {
    const row = await engine.loads.row(order.series);
    // A load that joined another has no run of its own, and its books are closed with the other's.
    if (row && row.endedAt === null) continue;
    hindered.push(
      wrong(
        `load of ${nameOf(order.series)}`,
        `${order.load} is open, and no server knows of it`,
        'start the daemon again: it submits open loads anew',
      ),
    );
  }
  const resting = await restingOf(engine, running);
  return hindered.length > 0
    ? [...hindered, ...resting]
    : [well('loads', `${many(running.length, 'load')} running${others(all, running.length)}`), ...resting];
}

const others = (all: number, loads: number): string => (all > loads ? `, ${all - loads} other ${all - loads === 1 ? 'run' : 'runs'}` : '');

function nextOf(running: readonly LoadRow[], workflowId: string): string {
  const row = running.find(({ series }) => workflowIdOf(series) === workflowId);
  return row
    ? `tapekeep progress ${row.load}; it is tried again by itself, tapekeep cancel ends it`
    : 'it is tried again by itself; the Temporal UI shows it';
}

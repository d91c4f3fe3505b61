/** What runs: the daemon, its server, its worker, and the loads. */
import type { LoadOrder } from '../../model/load.js';
import type { Presence } from '../../model/presence.js';
import { nameOf } from '../../model/series.js';
import type { Store } from '../../store/index.js';
import type { Engine } from '../engine.js';
import { many, when } from '../screen/words.js';
import { type Finding, note, well, wrong } from './finding.js';

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

export async function workerFinding(engine: Engine, { namespace, address, logFile }: Presence): Promise<Finding[]> {
  const workers = await engine.workers(namespace);
  const server = well('Temporal server', `answers at ${address}`);
  if (workers > 0) return [server, well('worker', 'asks for work')];
  return [server, wrong('worker', 'nobody asks the server for work', `look into ${logFile}, and start the daemon again`)];
}

/** Loads that hang, each with the reason; one line when there is none. */
export async function loadFindings(engine: Engine, store: Store): Promise<Finding[]> {
  const hindered: Finding[] = [];
  const running = (await engine.loads(1_000)).filter(row => row.endedAt === null);
  for (const { series, load } of running) {
    const reason = await engine.trouble(series).catch(() => undefined);
    if (reason)
      hindered.push(
        wrong(`load of ${nameOf(series)}`, reason, `tapekeep progress ${load}; it is tried again by itself, tapekeep cancel ends it`),
      );
  }
  for (const order of await openOrders(store)) {
    const row = await engine.row(order.series);
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
  const paused = await pausedOf(engine, running);
  return hindered.length > 0 ? [...hindered, ...paused] : [well('loads', `${many(running.length, 'load')} running`), ...paused];
}

async function pausedOf(engine: Engine, running: readonly { readonly series: LoadOrder['series'] }[]): Promise<Finding[]> {
  const out: Finding[] = [];
  for (const { series } of running) {
    const progress = await engine.progress(series).catch(() => undefined);
    if (progress?.state === 'paused')
      out.push(note(`load of ${nameOf(series)}`, `is paused${progress.why ? `: ${progress.why}` : ''}`, 'tapekeep resume lets it go on'));
  }
  return out;
}

export async function openOrders(store: Store): Promise<LoadOrder[]> {
  const { loads } = await store.openLoads();
  return loads.map(({ order }) => order as LoadOrder);
}

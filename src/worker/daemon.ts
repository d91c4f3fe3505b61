/** The daemon: one per data folder. Starts what loads need, keeps it alive, and leaves in order. */
import { mkdir } from 'node:fs/promises';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { ulid } from 'ulid';
import { connectTo, freePort, lockFolder, requireServer, thisProcess } from '../../temporal/index.js';
import { type Activities, type ActivityHouse, choiceFor, createActivities } from '../activities/index.js';
import type { Log } from '../logs.js';
import { titleOfChange } from '../model/change.js';
import { nameOf, type Series } from '../model/series.js';
import { type ResolvedSettings, securedFor } from '../settings.js';
import { goOnWithChanges } from './changes.js';
import { followBases } from './derived.js';
import { makeHouse } from './house.js';
import { goOnWithJobs } from './jobs.js';
import { Meter } from './monitor/meter.js';
import { metered } from './monitor/metered.js';
import { startMonitor } from './monitor/monitor.js';
import { namespaceKeeper } from './namespace.js';
import { Bell } from './notices/bell.js';
import { ringing } from './notices/ringing.js';
import { keptSeries, lostOrders, partHeld, submit } from './orders.js';
import { announce, withdraw } from './presence.js';
import { installRuntime } from './runtime.js';
import { keepSchedules } from './schedules.js';
import { temporalService } from './temporal-service.js';
import { keepUp } from './upkeep.js';
import { createWorkers } from './worker.js';

export interface DaemonOptions {
  readonly settings: ResolvedSettings;
  readonly log: Log;
  /** Lines for the person who started it. */
  readonly say: (line: string) => void;
  /** Aborted: drain and leave. */
  readonly stop: AbortSignal;
  /** Only serves: the series of the settings are left alone. */
  readonly onlyServe: boolean;
  /** It ends with the program that started it. */
  readonly attached?: boolean;
  /** Makes the steps of loads; a test puts its holds between them. */
  readonly steps?: (house: ActivityHouse) => Activities;
  /** The clock of the market; a test sets it forward. */
  readonly now?: () => number;
}

/** What was opened last is closed first, each once, whatever happens in between. */
class Closing {
  private readonly steps: (() => Promise<unknown>)[] = [];
  later(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }
  async all(log: Log): Promise<void> {
    for (const step of this.steps.reverse()) await step().catch(error => log.warn(`while leaving: ${(error as Error).message}`));
  }
}

export async function runDaemon(options: DaemonOptions): Promise<void> {
  const closing = new Closing();
  try {
    await run(options, closing);
  } finally {
    await closing.all(options.log);
  }
}

async function run(
  { settings, log, say, stop, onlyServe, attached = false, steps = createActivities, now }: DaemonOptions,
  closing: Closing,
): Promise<void> {
  await mkdir(settings.data, { recursive: true });
  const lock = await lockFolder(settings.data, { purpose: 'daemon' });
  closing.later(() => lock.release());
  const service = await temporalService(settings, log, say, stop, tellNewServer);
  closing.later(() => service.stop());
  const temporalMetrics = installRuntime(log, settings.metrics.port === null ? null : `127.0.0.1:${await freePort('127.0.0.1')}`);
  const { namespace } = settings.temporal;
  const secured = securedFor(settings.temporal, service.address);
  const connection = connectTo(service.address, secured);
  closing.later(() => connection.close());
  await requireServer(connection, service.address, secured);
  const keepNamespace = namespaceKeeper(connection, namespace, log);
  await keepNamespace();
  const native = await NativeConnection.connect({ address: service.address, ...secured });
  closing.later(() => native.close());
  const meter = new Meter(Object.keys(settings.providers));
  const bell = new Bell();
  const ears = { asked: meter.asked.bind(meter), turned: () => bell.ring('breaker-open') };
  const house = await makeHouse(settings, log, ears, now);
  closing.later(() => house.store.close());
  const { fetchesAtOnce } = settings.worker;
  const client = new Client({ connection, namespace });
  const places = { fetchesAtOnce, sources: house.providers.names };
  const workers = await createWorkers(native, namespace, steps(house), places, [metered(meter), ringing(bell, client)]);
  const done = workers.run();
  if (stop.aborted) workers.shutdown();
  else stop.addEventListener('abort', workers.shutdown, { once: true });
  const endUpkeep = keepUp({ client, settings, log, house, onlyServe });
  const monitor = await startMonitor({ settings, client, connection, workers, house, meter, bell, log, temporalMetrics, keepNamespace });
  closing.later(() => monitor.end());
  await announce(settings.data, { ...presenceOf(settings, service, monitor.url), attached });
  closing.later(() => withdraw(settings.data));
  closing.later(async () => endUpkeep());
  const seeing = seeToLoads().catch(error => {
    if (!stop.aborted) log.error(`loads could not be started: ${(error as Error).message}`);
  });
  tellWhere(settings, service.uiUrl, monitor.url, say);
  // Who started it for one load has no use for them.
  if (monitor.url === null && settings.metrics.port !== null && !onlyServe)
    say(`/metrics and /health are not served: metrics.port ${settings.metrics.port} cannot be had, as the log tells.`);
  await done;
  // Told to leave, it may wait for a workflow that no worker runs any more; the next start sees to those loads.
  if (!stop.aborted) await seeing;

  async function tellNewServer(): Promise<void> {
    await namespaceKeeper(connection, namespace, log)();
    await goOn();
    if (!onlyServe) await keepSchedules({ client, house, settings, log });
  }

  /** Loads that were under way and that the server does not know of. */
  async function goOn(): Promise<void> {
    const { lost, unfit } = await lostOrders(client, house.store);
    for (const { load, reason } of unfit) log.warn(`the open load ${load} cannot be gone on with and is left alone: ${reason}`);
    for (const order of lost) say(`Going on with the load of ${nameOf(order.series)}.`);
    await submit(client, house.store, `lost-${ulid()}`, lost, settings);
    for (const order of await goOnWithChanges(client, house.store)) say(`${titleOfChange(order)}: going on.`);
    for (const title of await goOnWithJobs(client, house.store)) say(`${title}: going on.`);
  }

  async function seeToLoads(): Promise<void> {
    await goOn();
    const choose = (series: Series, calendar: string | null) => choiceFor(house, series, calendar).provider;
    const { free: kept, held } = await partHeld(house.store, onlyServe ? [] : keptSeries(settings, house.now(), choose));
    for (const { order, version } of held)
      say(`Passing by ${nameOf(order.series)}: version ${version} was restored, and it is held until tapekeep restore … --release.`);
    for (const order of kept) say(`Keeping ${nameOf(order.series)} from ${order.provider}.`);
    await submit(client, house.store, 'kept', kept, settings);
    if (!onlyServe) for (const { series, from } of await followBases(client, house, settings)) say(`Making ${nameOf(series)} of ${from}.`);
    if (!onlyServe) await keepSchedules({ client, house, settings, log });
    const swept = await house.store.sweep();
    if (swept.removed.length > 0) log.info(`swept ${swept.removed.length} files that nothing needs`, { bytes: swept.bytes });
  }
}

const presenceOf = (settings: ResolvedSettings, service: { address: string; uiUrl: string | null }, metricsUrl: string | null) => ({
  pid: process.pid,
  began: thisProcess().started,
  address: service.address,
  namespace: settings.temporal.namespace,
  uiUrl: service.uiUrl,
  metricsUrl,
  logFile: settings.logs.file,
  startedAt: new Date().toISOString(),
});

function tellWhere(settings: ResolvedSettings, uiUrl: string | null, metricsUrl: string | null, say: (line: string) => void): void {
  say('tapekeep is up.');
  say(`  tables  ${settings.data}`);
  say(`  log     ${settings.logs.file}`);
  if (uiUrl) say(`  loads   ${uiUrl}`);
  if (metricsUrl) say(`  figures ${metricsUrl}/metrics`);
  say('Ctrl+C ends it; loads go on at the next start.');
}

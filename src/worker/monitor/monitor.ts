/** Watches over the daemon while it runs: figures on /metrics, health on /health, notices, the event loop and the clock. */
import { schedule } from 'node-cron';
import { tellerOf } from '../notices/teller.js';
import { watchClock } from './clock-watch.js';
import { type HealthLooks, livePage, readyPage } from './health.js';
import { lookUp } from './look-up.js';
import { watchLoop } from './loop-watch.js';
import type { Monitored } from './monitored.js';
import { type Page, serve, type Told } from './server.js';
import { type Watched, watchOnce } from './watch.js';
import { type Alarm, Watching } from './watching.js';

export interface Monitor {
  /** Where /metrics and /health are; null: nowhere. */
  readonly url: string | null;
  end(): Promise<void>;
}

const MINUTELY = '* * * * *';

export async function startMonitor(monitored: Monitored): Promise<Monitor> {
  const { settings, client, house, meter, log, bell } = monitored;
  const loop = watchLoop(
    () => performance.now(),
    ms => {
      meter.count('tapekeep_loop_stalls_total');
      log.warn(`the daemon stood still for ${seconds(ms)} s: something kept its event loop busy, or the machine had no time for it`);
    },
  );
  const endClock = watchClock({ wall: Date.now, monotonic: () => performance.now() }, ms => {
    meter.count('tapekeep_clock_jumps_total', { direction: ms < 0 ? 'back' : 'ahead' });
    if (ms < 0) log.warn(`the clock of this machine was set back by ${seconds(-ms)} s; stored bars are not touched by that`);
    else log.info(`the clock of this machine went ahead by ${seconds(ms)} s, or the machine slept`);
  });
  const watched: Watched = {
    settings,
    client,
    house,
    meter,
    log,
    teller: tellerOf(settings, process.env, (what, facts) => log.warn(what, facts)),
  };
  const watching = new Watching(
    rung =>
      watchOnce(watched, rung).catch(error => {
        log.warn(`watching over loads and series: ${(error as Error).message}`);
        return null;
      }),
    ALARM,
  );
  bell.listen(ring => watching.ring(ring));
  const looks = schedule(MINUTELY, watching.everything, { timezone: 'Etc/UTC', noOverlap: true });
  void looks.execute();
  const keeps = schedule(MINUTELY, () => monitored.keepNamespace().catch(() => {}), { timezone: 'Etc/UTC', noOverlap: true });
  meter.before(() => meter.set('tapekeep_loop_longest_stall_seconds', loop.longest() / 1_000));
  lookUp(monitored);
  const told = await serveIt(monitored, loop.longest);
  return {
    url: told?.url ?? null,
    async end() {
      void looks.destroy();
      watching.end();
      void keeps.destroy();
      endClock();
      loop.end();
      await told?.close();
    },
  };
}

const ALARM: Alarm = {
  now: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

/** The daemon does its work whether or not somebody can look on. */
async function serveIt(monitored: Monitored, longestStallMs: () => number): Promise<Told | undefined> {
  const { settings, log } = monitored;
  const { port, host, names } = settings.metrics;
  if (port === null) return undefined;
  const ready = readyPage(looksOf(monitored, longestStallMs));
  const pages = { '/metrics': () => metricsPage(monitored), '/health': ready, '/health/ready': ready, '/health/live': livePage };
  try {
    return await serve({ host, port, names, pages });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? `port ${port} of ${host} is taken by another program` : message;
    log.warn(`/metrics and /health are not served: ${why}. Loads are not touched by that; metrics.port names another port`);
    return undefined;
  }
}

const SERVER_MS = 2_000;

const looksOf = ({ settings, connection, workers, house }: Monitored, longestStallMs: () => number): HealthLooks => ({
  server: () => connection.withDeadline(Date.now() + SERVER_MS, () => connection.workflowService.getSystemInfo({})),
  worker: workers.look,
  freeBytes: () => house.store.freeBytes(),
  floorBytes: settings.disk.floor * 1e9,
  providers: house.providers.names,
  restFor: name => house.health.restFor(name),
  longestStallMs,
});

const TEMPORAL_MS = 1_000;

/** Ours, and those of Temporal's SDK after them: their names begin with temporal_. */
async function metricsPage({ meter, temporalMetrics }: Monitored): Promise<Page> {
  const own = await meter.page();
  const theirs = temporalMetrics === null ? '' : await theirsAt(temporalMetrics);
  return { status: 200, type: meter.registry.contentType, text: `${own}${theirs}` };
}

async function theirsAt(address: string): Promise<string> {
  try {
    const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(TEMPORAL_MS) });
    return answer.ok ? await answer.text() : '';
  } catch {
    return '';
  }
}

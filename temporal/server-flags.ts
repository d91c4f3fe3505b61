/** The command line of the embedded server; the measurements behind it are in docs/temporal.md. */
import type { Ports } from './ports.js';

export type Durability = 'normal' | 'full';

/** One history shard polls 20 times a second by default: a fixed 50 ms per step of a load. */
export const QUICK = [
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'history.transferProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxPollRPS=200',
  'matching.enableFairness=true',
  // A step for which the same worker has room comes with the answer to the workflow's own task.
  'system.enableActivityEagerExecution=true',
];

export function serverFlags(database: string, ports: Ports, durability: Durability): string[] {
  return [
    ...always(database, ports),
    ...['--ui-port', String(ports.uiPort), '--ui-ip', ports.ip],
    ...(ports.metricsPort === undefined ? [] : ['--metrics-port', String(ports.metricsPort)]),
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', `synchronous=${durability.toUpperCase()}`],
  ];
}

/** For the first start alone: in this journal mode a stopped server leaves one file, so that one rename moves all of it. */
export const creationFlags = (database: string, ip: string, port: number): string[] => [
  ...always(database, { ip, port }),
  ...['--headless', '--sqlite-pragma', 'journal_mode=DELETE', '--sqlite-pragma', 'synchronous=FULL'],
];

const always = (database: string, { ip, port }: Pick<Ports, 'ip' | 'port'>): string[] => [
  ...['server', 'start-dev', '--ip', ip, '--port', String(port), '--db-filename', database],
  ...QUICK.flatMap(value => ['--dynamic-config-value', value]),
  ...['--disable-config-file', '--disable-config-env', '--log-format', 'json', '--log-level', 'warn'],
];

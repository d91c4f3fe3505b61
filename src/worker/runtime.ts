/** Temporal's own log lines go the way of ours. Must run before any connection is made. */
import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { Log } from '../logs.js';

const LEVEL = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Answers where the SDK tells its own figures, for /metrics to hand on; null: nowhere. */
export function installRuntime(log: Log, metricsAddress: string | null = null): string | null {
  const speak = ({ level, message, meta }: LogEntry): void => log[LEVEL[level]](`temporal: ${message}`, factsOf(meta));
  const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) };
  const install = (metrics: TelemetryOptions['metrics']) =>
    Runtime.install({
      logger: new DefaultLogger('INFO', speak),
      telemetryOptions: { logging, ...(metrics && { metrics }) },
      shutdownSignals: [],
    });
  if (metricsAddress !== null) {
    try {
      install({ prometheus: { bindAddress: metricsAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } });
      return metricsAddress;
    } catch (error) {
      log.warn(`the figures of Temporal's SDK are not told: ${(error as Error).message}`);
    }
  }
  install(undefined);
  return null;
}

/** A few facts that help; the rest of what the SDK attaches is noise in our log. */
function factsOf(meta: Record<string, unknown> | undefined): Record<string, string> {
  const out: Record<string, string> = {};
  for (const key of ['workflowId', 'activityType', 'activityId', 'attempt', 'taskQueue'])
    if (meta?.[key] !== undefined) out[key] = String(meta[key]);
  const error = meta?.error;
  if (error instanceof Error) out.reason = error.message;
  return out;
}

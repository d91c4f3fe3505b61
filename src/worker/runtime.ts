/** Temporal's own log lines go the way of ours. Must run before any connection is made. */
import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Log } from '../logs.js';

const LEVEL = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

export function installRuntime(log: Log): void {
  const speak = ({ level, message, meta }: LogEntry): void => log[LEVEL[level]](`temporal: ${message}`, factsOf(meta));
  Runtime.install({
    logger: new DefaultLogger('INFO', speak),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
    shutdownSignals: [],
  });
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

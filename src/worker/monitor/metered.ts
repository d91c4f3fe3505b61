/** Every attempt of every step passes here: how long it took, how it ended, what it brought. */
import { ApplicationFailure, type Next } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import type { CommitFacts, Fetched, LoadOrder } from '../../model/load.js';
import type { Meter } from './meter.js';

export const metered =
  (meter: Meter): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
        const step = info.activityType;
        const order = (input.args[0] ?? {}) as Partial<LoadOrder>;
        const begun = performance.now();
        if (info.attempt > 1)
          meter.count('tapekeep_step_retries_total', {
            step,
            provider: order.provider === undefined ? '' : meter.provider(order.provider),
          });
        try {
          const result = await next(input);
          if (step === 'fetch')
            meter.count('tapekeep_fetched_bars_total', { provider: meter.provider(order.provider) }, (result as Fetched).rows);
          if (step === 'commit') countCommit(meter, result as CommitFacts);
          return result;
        } catch (error) {
          // A step that was cancelled, or that a stopping worker lets go of, has not failed.
          if (error instanceof ApplicationFailure) meter.count('tapekeep_step_failures_total', { step, code: meter.code(error.type) });
          throw error;
        } finally {
          meter.took('tapekeep_step_seconds', (performance.now() - begun) / 1_000, { step });
        }
      },
    },
  });

function countCommit(meter: Meter, { outcome, bars }: CommitFacts): void {
  meter.count('tapekeep_commits_total', { outcome });
  for (const kind of ['added', 'replaced'] as const) if (bars?.[kind]) meter.count('tapekeep_committed_bars_total', { kind }, bars[kind]);
}

/** The backup that the daemon makes by itself. */
import type { Client } from '@temporalio/client';
import type { Log } from '../logs.js';
import { type BackupOrder, type BackupReport, jobOfBackup } from '../model/backup.js';
import { TASK_QUEUE } from '../model/queues.js';
import type { ResolvedSettings } from '../settings.js';

interface Place {
  readonly client: Client;
  readonly settings: ResolvedSettings;
  readonly log: Log;
}

/** One id for all of them: one that still goes on is joined, and one that a restart interrupted is found again. */
const ID = 'daily';

export async function backUp({ client, settings, log }: Place): Promise<void> {
  const { folder } = settings.backup;
  if (folder === undefined) return;
  const order: BackupOrder = {
    job: 'backup',
    id: ID,
    what: 'backup',
    folder,
    only: null,
    to: null,
    again: false,
    dryRun: false,
    silenceMs: settings.worker.silenceMs,
  };
  const { workflow, workflowId, title } = jobOfBackup(order);
  try {
    const { series } = (await client.workflow.execute(workflow, {
      taskQueue: TASK_QUEUE,
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [order],
      staticSummary: title,
    })) as BackupReport;
    const failed = series.filter(s => s.error !== null);
    for (const { series: name, error } of failed) log.error(`backup of ${name}: ${error?.message}`);
    const bytes = series.reduce((n, s) => n + s.bytes, 0);
    log.info(`backed up ${series.length - failed.length} of ${series.length} series to ${folder}, ${bytes} bytes copied`);
  } catch (error) {
    log.error(`nothing was backed up to ${folder}: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`);
  }
}

/** What the daemon does from time to time of its own accord, by cron and one run of each at a time: upkeep, looks, a backup. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type ScheduledTask, schedule } from 'node-cron';
import { ulid } from 'ulid';
import type { ActivityHouse } from '../activities/index.js';
import type { Log } from '../logs.js';
import { TASK_QUEUE } from '../model/queues.js';
import { jobOfUpkeep, keepingOf, type UpkeepOrder, type UpkeepReport } from '../model/upkeep.js';
import type { ResolvedSettings } from '../settings.js';
import type { upkeep } from '../workflows/upkeep.js';
import { diskLook, freshLook, sampleLook } from './looks.js';
import { backUp } from './own-backup.js';
import { keepSchedules } from './schedules.js';

/** So long after the start a run is made up for that was due while no daemon ran. */
const SOON_MS = 60_000;
/** Times by sessions are looked at once a day, and written anew when they come to an end. */
const SCHEDULES_AT = '37 0 * * *';
const UTC = { timezone: 'Etc/UTC', noOverlap: true } as const;

export interface Keeper {
  readonly client: Client;
  readonly settings: ResolvedSettings;
  readonly log: Log;
  readonly house: ActivityHouse;
  /** Serves somebody's command: the settings' schedules are left alone. */
  readonly onlyServe: boolean;
}

export const upkeepOrder = ({ store, keep, worker }: ResolvedSettings): UpkeepOrder => ({
  job: 'upkeep',
  id: ulid(),
  only: null,
  compact: { which: 'small', least: store.smallFiles },
  keep: keepingOf(keep),
  whole: true,
  by: 'daemon',
  silenceMs: worker.silenceMs,
});

/** Starts all of it; answers with what ends it. A run under way goes on at the next start, a look is left. */
export function keepUp(keeper: Keeper): () => void {
  const { settings, log, house } = keeper;
  const { at, compactAt, freshAt, verifyAt } = settings.upkeep;
  const leaving = new AbortController();
  const looker = { ...keeper, stop: leaving.signal };
  const safely = (work: () => Promise<void>) => () => work().catch(error => log.warn(`upkeep: ${(error as Error).message}`));
  const whole = () => run(keeper, upkeepOrder(settings));
  // A data folder with a bound is kept below it each time: loads wait for it.
  const often = () => (settings.disk.maxSize === undefined ? run(keeper, { ...upkeepOrder(settings), keep: null, whole: false }) : whole());
  const runs = schedule(at, safely(whole), UTC);
  const tasks = [
    runs,
    schedule(compactAt, safely(often), UTC),
    schedule('* * * * *', safely(diskLook(looker)), UTC),
    schedule(freshAt, safely(freshLook(looker)), UTC),
    schedule(verifyAt, safely(sampleLook(looker)), UTC),
    ...(settings.backup.folder === undefined
      ? []
      : [
          schedule(
            settings.backup.at,
            safely(() => backUp(keeper)),
            UTC,
          ),
        ]),
    ...(keeper.onlyServe
      ? []
      : [
          schedule(
            SCHEDULES_AT,
            safely(() => keepSchedules(keeper)),
            UTC,
          ),
        ]),
  ];
  const soon = setTimeout(
    safely(async () => {
      if (await isDue(keeper, runs, house.now())) await whole();
    }),
    SOON_MS,
  );
  soon.unref();
  return () => {
    leaving.abort();
    clearTimeout(soon);
    for (const task of tasks) void task.destroy();
  };
}

async function run({ client, log }: Keeper, asked: UpkeepOrder): Promise<void> {
  const { workflow, workflowId, title, order } = jobOfUpkeep(asked);
  const report = await client.workflow.execute<typeof upkeep>(workflow, {
    taskQueue: TASK_QUEUE,
    workflowId,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [order],
    staticSummary: title,
  });
  for (const line of linesOf(report)) log[line.level](line.text);
}

/** A time of the plan has passed since the last run ended. */
async function isDue({ client }: Keeper, runs: ScheduledTask, now: number): Promise<boolean> {
  const [first, second] = runs.getNextRuns(2);
  const gap = first && second ? second.getTime() - first.getTime() : 0;
  try {
    const { status, closeTime } = await client.workflow.getHandle('upkeep').describe();
    return status.name !== 'RUNNING' && (!closeTime || closeTime.getTime() + gap <= now);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}

interface Line {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

/** Whatever was changed or given up is said. */
export function linesOf({ compacted, vacuumed, whole }: UpkeepReport): Line[] {
  const info = (text: string): Line => ({ level: 'info', text });
  const warn = (text: string): Line => ({ level: 'warn', text });
  const failed = [...compacted, ...vacuumed].filter(f => f.error !== null);
  const lines = [
    ...compacted.flatMap(f => (f.version === null ? [] : [info(`${f.series}: ${f.files} files were folded in version ${f.version}`)])),
    ...vacuumed
      .filter(f => f.files > 0)
      .map(f => info(`${f.series}: ${f.files} files (${f.bytes} bytes) went, ${f.versions} versions can no longer be read`)),
    ...failed.map(f => warn(`upkeep of ${f.series}: ${f.error}`)),
  ];
  if (!whole) return lines;
  const { swept, raw, versions, bytesBefore, bytesAfter } = whole;
  if (swept.files > 0) lines.push(info(`swept ${swept.files} files that nothing needs (${swept.bytes} bytes)`));
  if (raw + versions > 0)
    lines.push(
      warn(
        `to keep the data folder below CACHE_MAX_SIZE_GB the raw files of ${raw} loads and ${versions} old versions were given up: ${bytesBefore} bytes before, ${bytesAfter} after`,
      ),
    );
  return lines;
}

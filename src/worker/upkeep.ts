/** What the daemon does from time to time of its own accord: upkeep, by cron and one run at a time, and a look at the disk. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type ScheduledTask, schedule, validate } from 'node-cron';
import { ulid } from 'ulid';
import type { Log } from '../logs.js';
import { fail } from '../model/errors.js';
import { TASK_QUEUE } from '../model/load.js';
import { jobOfUpkeep, keepingOf, type UpkeepOrder, type UpkeepReport } from '../model/upkeep.js';
import type { ResolvedSettings } from '../settings.js';
import type { upkeep } from '../workflows/upkeep.js';

/** So long after the start a run is made up for that was due while no daemon ran. */
const SOON_MS = 60_000;
const UTC = { timezone: 'Etc/UTC', noOverlap: true } as const;

export interface Keeper {
  readonly client: Client;
  readonly settings: ResolvedSettings;
  readonly log: Log;
  readonly freeBytes: () => Promise<number>;
  readonly now: () => number;
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

/** Starts both; answers with what ends them. A run under way goes on at the next start. */
export function keepUp(keeper: Keeper): () => void {
  const { settings, log, now } = keeper;
  const { at, compactAt } = settings.upkeep;
  for (const [key, value] of Object.entries({ at, compactAt }))
    if (!validate(value)) throw fail('SETTING_INVALID', { where: 'upkeep', key: `upkeep.${key}`, value, allowed: 'five fields of cron' });
  const safely = (work: () => Promise<void>) => () => work().catch(error => log.warn(`upkeep: ${(error as Error).message}`));
  const whole = () => run(keeper, upkeepOrder(settings));
  // A data folder with a bound is kept below it each time: loads wait for it.
  const often = () => (settings.disk.maxSize === undefined ? run(keeper, { ...upkeepOrder(settings), keep: null, whole: false }) : whole());
  const runs = schedule(at, safely(whole), UTC);
  const folds = schedule(compactAt, safely(often), UTC);
  const looks = schedule('* * * * *', safely(diskWatch(keeper)), UTC);
  const soon = setTimeout(
    safely(async () => {
      if (await isDue(keeper, runs, now())) await whole();
    }),
    SOON_MS,
  );
  soon.unref();
  return () => {
    clearTimeout(soon);
    void runs.destroy();
    void folds.destroy();
    void looks.destroy();
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

/** Says once that loads wait for room, and once that they go on. */
function diskWatch({ settings, log, freeBytes }: Keeper): () => Promise<void> {
  let low = false;
  return async () => {
    const free = await freeBytes();
    const isLow = free < settings.disk.floor * 1e9;
    if (isLow && !low) log.warn(`only ${free} bytes are free: loads wait until there are ${settings.disk.floor} GB (disk.floor)`);
    if (!isLow && low) log.info(`${free} bytes are free again: loads go on`);
    low = isLow;
  };
}

/** The schedules of the settings become Temporal's: made, changed and removed by comparison. What a person made or paused stays so. */
import { isDeepStrictEqual } from 'node:util';
import { type Client, ScheduleAlreadyRunning, type ScheduleDescription, type ScheduleSummary } from '@temporalio/client';
import { type ActivityHouse, aheadOf } from '../activities/index.js';
import type { Log } from '../logs.js';
import { checkSchedule, type Maker, OWNER, type Schedule, scheduleIdOf } from '../model/schedule.js';
import { type Ahead, optionsOf, type Planned } from '../model/schedule-options.js';
import { WEEK } from '../model/timeframe.js';
import { type ResolvedSettings, scheduleOf } from '../settings.js';

export interface ScheduleKeeper {
  readonly client: Client;
  readonly house: ActivityHouse;
  readonly settings: ResolvedSettings;
  readonly log: Log;
}

/** Times by sessions are worked out anew when less than this is left of them: a daemon may be away for some weeks. */
const ENOUGH_MS = 4 * WEEK;

/** One that cannot be made keeps no other from being made. */
export async function keepSchedules(keeper: ScheduleKeeper): Promise<void> {
  const { client, settings, log } = keeper;
  const each = async (name: string, work: () => Promise<string | undefined>): Promise<void> => {
    try {
      const did = await work();
      if (did !== undefined) log.info(`schedule ${name}: ${did}`);
    } catch (error) {
      log.error(`schedule ${name}: it is not kept: ${(error as Error).message}`);
    }
  };
  for (const setting of settings.schedules) await each(setting.name, () => keepOne(keeper, scheduleOf(setting, settings)));
  const wanted = new Set(settings.schedules.map(({ name }) => scheduleIdOf(name)));
  for await (const found of client.schedule.list()) {
    const by = makerOf(found);
    if (by === undefined || wanted.has(found.scheduleId)) continue;
    const name = found.scheduleId.replace(/^schedule\//, '');
    await each(name, () => (by === 'settings' ? remove(keeper, found.scheduleId) : refresh(keeper, found.scheduleId)));
  }
}

/** Undefined: it is not ours. */
const makerOf = ({ memo }: Pick<ScheduleSummary, 'memo'>): Maker | undefined => (memo?.owner === OWNER ? (memo.by as Maker) : undefined);

async function keepOne(keeper: ScheduleKeeper, schedule: Schedule): Promise<string | undefined> {
  const ahead = await lookedAhead(keeper, schedule);
  try {
    await keeper.client.schedule.create(optionsOf(schedule, ahead, 'settings'));
    return 'made';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = keeper.client.schedule.getHandle(scheduleIdOf(schedule.name));
  const there = await handle.describe();
  if (makerOf(there) !== 'settings') throw new Error('one of that name was made by hand; remove it, or give this one another name');
  const [before, planned] = argumentsOf(there);
  const same = isDeepStrictEqual(before, schedule);
  if (same && !isOld(keeper, planned, ahead)) return undefined;
  await change(keeper, schedule, ahead, 'settings');
  return same ? undefined : `changed${there.state.paused ? ', and still paused' : ''}`;
}

async function lookedAhead({ house, log }: ScheduleKeeper, schedule: Schedule): Promise<Ahead | null> {
  const { ahead, unknown } = await aheadOf(house, schedule, house.now());
  for (const why of unknown) log.warn(`schedule ${schedule.name} passes by ${why}`);
  if (ahead?.rows.length === 0) log.warn(`schedule ${schedule.name} is never due: none of its series has a session that is long enough`);
  return ahead;
}

const argumentsOf = ({ action }: ScheduleDescription): [unknown, Planned] => [action.args?.[0], (action.args?.[1] ?? null) as Planned];

/** Other calendars, or soon at their end. */
const isOld = ({ house }: ScheduleKeeper, planned: Planned, ahead: Ahead | null): boolean =>
  ahead !== null && (planned?.print !== ahead.print || planned.until - house.now() < ENOUGH_MS);

/** The state stays: whoever paused it has a reason. */
const change = ({ client }: ScheduleKeeper, schedule: Schedule, ahead: Ahead | null, by: Maker): Promise<void> =>
  client.schedule.getHandle(scheduleIdOf(schedule.name)).update(({ state }) => {
    const { spec, action, policies } = optionsOf(schedule, ahead, by);
    return { spec, action, policies, state };
  });

async function remove({ client }: ScheduleKeeper, id: string): Promise<string> {
  await client.schedule.getHandle(id).delete();
  return 'removed: the settings no longer have it';
}

async function refresh(keeper: ScheduleKeeper, id: string): Promise<undefined> {
  const [given, planned] = argumentsOf(await keeper.client.schedule.getHandle(id).describe());
  const schedule = checkSchedule(given);
  const { ahead } = await aheadOf(keeper.house, schedule, keeper.house.now());
  if (isOld(keeper, planned, ahead)) await change(keeper, schedule, ahead, 'hand');
}

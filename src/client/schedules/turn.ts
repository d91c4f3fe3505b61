/** What the commands that turn one schedule have in common. */
import { type Call, type Described, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import type { ScheduleBook } from './requests.js';
import { jsonOfSchedule, type ScheduleRow } from './row.js';

export const SCHEDULE_ARGS: readonly Described[] = [['<name>', 'the schedule, as tapekeep schedule list calls it']];

export const turnSchedule = (
  call: Call,
  act: (schedules: ScheduleBook, name: string) => Promise<ScheduleRow>,
  told: (row: ScheduleRow) => string,
): Promise<Exit> =>
  withTapekeep(call, async tapekeep => {
    const row = await act(tapekeep.schedules, call.args[0] ?? '');
    if (call.on('json')) call.screen.json(jsonOfSchedule(row));
    else call.screen.say(`${row.schedule.name}: ${told(row)}`);
    return 'done';
  });

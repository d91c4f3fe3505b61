import { type Command, JSON_OPTION } from '../command.js';
import { SCHEDULE_ARGS, turnSchedule } from '../schedules/turn.js';

export const scheduleBackfill: Command = {
  name: 'schedule backfill',
  about: 'makes up for runs of a time that is over',
  more: 'For times in which no server ran for longer than the schedule catches up by itself. One load takes whatever is missing, so one run is made, unless each is asked for.',
  args: SCHEDULE_ARGS,
  options: [
    ['--from <time>', 'from this day or moment on'],
    ['--to <time>', 'up to this day or moment'],
    ['--each', 'every run that was due, one after the other'],
    JSON_OPTION,
  ],
  example: 'tapekeep schedule backfill nightly --from 2024-03-01 --to 2024-03-05',
  exits: ['missing'],
  run: call =>
    turnSchedule(
      call,
      (schedules, name) => schedules.backfill(name, call.text('from') ?? '', call.text('to') ?? '', { each: call.on('each') }),
      () => 'makes up for what was due then; tapekeep loads shows its loads',
    ),
};

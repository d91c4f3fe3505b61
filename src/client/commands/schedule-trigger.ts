import { type Command, JSON_OPTION } from '../command.js';
import { SCHEDULE_ARGS, turnSchedule } from '../schedules/turn.js';

export const scheduleTrigger: Command = {
  name: 'schedule trigger',
  about: 'runs a schedule now, for all of its series',
  more: 'Also while it rests. When a run goes on, this one follows it.',
  args: SCHEDULE_ARGS,
  options: [JSON_OPTION],
  example: 'tapekeep schedule trigger nightly',
  exits: ['missing'],
  run: call =>
    turnSchedule(
      call,
      (schedules, name) => schedules.trigger(name),
      () => 'runs now; tapekeep loads shows its loads',
    ),
};

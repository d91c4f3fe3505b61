import { type Command, JSON_OPTION } from '../command.js';
import { SCHEDULE_ARGS, turnSchedule } from '../schedules/turn.js';
import { when } from '../screen/words.js';

export const scheduleResume: Command = {
  name: 'schedule resume',
  about: 'lets a schedule that rests go on',
  more: 'What came due meanwhile is not made up for: a tail load takes all that is new anyway.',
  args: SCHEDULE_ARGS,
  options: [JSON_OPTION],
  example: 'tapekeep schedule resume nightly',
  exits: ['missing'],
  run: call =>
    turnSchedule(
      call,
      (schedules, name) => schedules.resume(name),
      ({ next }) => `goes on${next[0] === undefined ? '' : `, next ${when(next[0])}`}`,
    ),
};

import { type Command, JSON_OPTION } from '../command.js';
import { SCHEDULE_ARGS, turnSchedule } from '../schedules/turn.js';

export const schedulePause: Command = {
  name: 'schedule pause',
  about: 'lets a schedule rest',
  more: 'Over restarts, too, until tapekeep schedule resume. A run that goes on is finished. The Temporal UI can do the same.',
  args: SCHEDULE_ARGS,
  options: [['--why <text>', 'the reason, for whoever looks at the list'], JSON_OPTION],
  example: "tapekeep schedule pause nightly --why 'moving house'",
  exits: ['missing'],
  run: call =>
    turnSchedule(
      call,
      (schedules, name) => schedules.pause(name, call.text('why')),
      () => 'rests until tapekeep schedule resume',
    ),
};

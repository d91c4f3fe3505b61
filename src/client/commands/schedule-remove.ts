import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { SCHEDULE_ARGS } from '../schedules/turn.js';

export const scheduleRemove: Command = {
  name: 'schedule remove',
  about: 'removes a schedule that was made by hand',
  more: 'Loads that it started go on. One of the settings is removed by taking it out of them.',
  args: SCHEDULE_ARGS,
  options: [JSON_OPTION],
  example: 'tapekeep schedule remove nightly',
  exits: ['missing'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [name = ''] = call.args;
      await tapekeep.schedules.remove(name);
      if (call.on('json')) call.screen.json({ removed: name });
      else call.screen.say(`${name}: removed`);
      return 'done';
    }),
};

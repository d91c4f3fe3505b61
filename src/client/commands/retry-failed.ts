import { type Command, JSON_OPTION } from '../command.js';
import { outcomesOf } from '../loads/many.js';
import { followLoads, withDisplay } from '../loads/on-screen.js';

export const retryFailed: Command = {
  name: 'retry-failed',
  about: 'loads again what failed, or came only in part, of an order of many series',
  more: 'Of the newest order that is over, or of the one that is named; tapekeep load tells its id when it is left to the daemon. Each load is asked for as it was, at the source it had.',
  args: [['[order]', 'the id of the order']],
  options: [JSON_OPTION],
  example: 'tapekeep retry-failed\ntapekeep retry-failed 01JD3W5X8Q2R9T6Y4B7N0M1K5H',
  exits: ['missing', 'damaged', 'partial', 'cancelled'],
  run: call =>
    withDisplay(call, async (tapekeep, display) => {
      const [id] = call.args;
      let left = 0;
      const exit = await followLoads(call, tapekeep, display, async follow => {
        const outcomes = outcomesOf(await tapekeep.retryFailed(id, follow));
        left = outcomes.length;
        return outcomes;
      });
      if (left === 0 && !call.on('json')) call.screen.say('Nothing of it failed: there is nothing to load again.');
      return exit;
    }),
};

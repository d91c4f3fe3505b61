import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { plain } from '../screen/text.js';

export const providersCheck: Command = {
  name: 'providers check',
  about: 'asks a source one small question, or each that can be asked',
  args: [['[source]', 'its name; without one, all that need no key or have theirs']],
  options: [JSON_OPTION],
  example: 'tapekeep providers check\ntapekeep providers check binance',
  exits: ['later'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const found = await tapekeep.checkProviders(call.args[0]);
      const { screen } = call;
      if (call.on('json')) screen.json(found);
      else
        for (const { name, fine, ms, says, code } of found) {
          const mark = fine ? screen.paint.good('fine') : screen.paint.bad('not well');
          screen.say(`${name}: ${mark}, ${ms} ms: ${plain(says)}${code === null ? '' : ` (${code})`}`);
        }
      return found.every(f => f.fine) ? 'done' : 'later';
    }),
};

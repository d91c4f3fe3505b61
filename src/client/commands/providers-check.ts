import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { plain } from '../screen/text.js';

/** Several failed, and all of them on the way: that is not the fault of one. */
const cutOff = (codes: readonly (string | null)[]): boolean => {
  const failed = codes.filter(code => code !== null);
  return failed.length > 1 && failed.every(code => code === 'NETWORK_FAILED');
};

export const providersCheck: Command = {
  name: 'providers check',
  about: 'asks a source one small question, or each that can be asked',
  args: [['[source]', 'its name; without one, all that need no key or have theirs']],
  options: [JSON_OPTION],
  example: 'tapekeep providers check\ntapekeep providers check binance',
  exits: ['later'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [name] = call.args;
      const found = await tapekeep.checkProviders(name);
      const { screen } = call;
      if (call.on('json')) screen.json(found);
      else
        for (const { name, fine, ms, says, code } of found) {
          const mark = fine ? screen.paint.good('fine') : screen.paint.bad('not well');
          screen.say(`${name}: ${mark}, ${ms} ms: ${plain(says)}${code === null ? '' : ` (${code})`}`);
        }
      if (!call.on('json') && name === undefined) {
        const keyless = (await tapekeep.providers()).filter(source => source.hasKey === false).map(source => source.name);
        if (keyless.length > 0) screen.say(`not asked, for want of a key: ${keyless.join(', ')}`);
        if (cutOff(found.map(f => f.code)))
          screen.say(
            'No source on the network could be reached. Is there a way to the network from here? Behind a proxy, HTTPS_PROXY names it.',
          );
      }
      return found.every(f => f.fine) ? 'done' : 'later';
    }),
};

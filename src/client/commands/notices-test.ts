import { type Command, JSON_OPTION } from '../command.js';
import { sendTestNotice } from '../notices.js';
import { plain } from '../screen/text.js';

export const noticesTest: Command = {
  name: 'notices test',
  about: 'sends a notice to the webhook and the command of the settings',
  more: 'No daemon is needed. What a notice is about, and its form: docs/operations.md.',
  options: [JSON_OPTION],
  example: 'tapekeep notices test',
  exits: ['usage', 'later'],
  async run({ screen, globals, env, on }) {
    const sent = await sendTestNotice(globals, env);
    if (on('json')) screen.json(sent);
    else if (sent.length === 0) screen.say('The settings name nobody: set notices.webhook or notices.command.');
    else
      for (const { to, failed } of sent)
        screen.say(`${to}: ${failed === null ? screen.paint.good('taken') : screen.paint.bad(plain(failed))}`);
    if (sent.length === 0) return 'usage';
    return sent.every(({ failed }) => failed === null) ? 'done' : 'later';
  },
};

import { type Command, JSON_OPTION } from '../command.js';
import { plain } from '../screen/text.js';

export const doctor: Command = {
  name: 'doctor',
  about: 'what runs, what does not, what to do about it',
  more: 'Ends with 0 only if all is well. Changes nothing.',
  options: [JSON_OPTION],
  example: 'tapekeep doctor',
  async run({ screen, globals, env, on }) {
    const { checkup } = await import('../checkup/checkup.js');
    const findings = await checkup(globals, env);
    const wrongs = findings.filter(f => f.state === 'wrong').length;
    if (on('json')) {
      screen.json({ well: wrongs === 0, findings });
      return wrongs === 0 ? 'done' : 'failed';
    }
    const { paint } = screen;
    const marks = { well: paint.good('ok  '), note: paint.dim('note'), wrong: paint.bad('WRONG') };
    for (const { what, state, found, next } of findings) {
      const mark = marks[state] + (state === 'wrong' ? '' : ' ');
      screen.say(`${mark} ${what}: ${plain(found)}`);
      if (next !== undefined) screen.say(`      ${paint.dim('next:')} ${plain(next)}`);
    }
    screen.say(wrongs === 0 ? paint.good('All is well.') : paint.bad(`${wrongs} of ${findings.length} need a hand.`));
    return wrongs === 0 ? 'done' : 'failed';
  },
};

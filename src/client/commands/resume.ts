import { type Command, JSON_OPTION } from '../command.js';
import { LOAD_ARGS, turn } from '../turn.js';

export const resume: Command = {
  name: 'resume',
  about: 'lets a paused load go on',
  args: LOAD_ARGS,
  options: [JSON_OPTION],
  example: 'tapekeep resume BTCUSDT 1m',
  exits: ['missing'],
  run: call => turn(call, 'resume', (tapekeep, load) => tapekeep.resume(load)),
};

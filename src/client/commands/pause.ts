import { type Command, JSON_OPTION } from '../command.js';
import { LOAD_ARGS, turn, WHY_OPTION } from '../turn.js';

export const pause: Command = {
  name: 'pause',
  about: 'lets a load rest',
  more: 'Segments under way are finished first. Nothing is lost, and nothing is fetched until tapekeep resume.',
  args: LOAD_ARGS,
  options: [WHY_OPTION, JSON_OPTION],
  example: 'tapekeep pause BTCUSDT 1m',
  exits: ['missing'],
  run: call => turn(call, 'pause', (tapekeep, load) => tapekeep.pause(load, call.text('why'))),
};

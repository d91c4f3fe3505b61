import { type Command, JSON_OPTION } from '../command.js';
import { LOAD_ARGS, turn, WHY_OPTION } from '../turn.js';

export const cancel: Command = {
  name: 'cancel',
  about: 'ends a load; what was fetched is committed',
  args: LOAD_ARGS,
  options: [WHY_OPTION, JSON_OPTION],
  example: "tapekeep cancel BTCUSDT 1m --why 'wrong provider'",
  exits: ['missing'],
  run: call => turn(call, 'cancel', (tapekeep, load) => tapekeep.cancel(load, call.text('why'))),
};

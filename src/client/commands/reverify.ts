import { type Command, SERIES_ARGS } from '../command.js';
import { OPINION_OPTIONS, opinion, requestOf } from './compare.js';

export const reverify: Command = {
  name: 'reverify',
  about: 'asks the source again for old bars, to find what it revised in silence',
  more: 'A sample is asked for and held against what is stored, to the last bit. For bars that changed it tells the version since which they are stored. Bars of other sources, and corrected ones, are left out.',
  args: SERIES_ARGS,
  options: [['--take', 'commits what the source says now of the bars that changed, as a version of its own'], ...OPINION_OPTIONS],
  example: 'tapekeep reverify BTCUSDT 1m\ntapekeep reverify BTCUSDT 1m --sample 10% --to 2024-01-01 --take',
  exits: ['missing', 'differs', 'cancelled'],
  run: call => opinion(call, (tapekeep, named, follow) => tapekeep.reverify(named, { ...requestOf(call), take: call.on('take') }, follow)),
};

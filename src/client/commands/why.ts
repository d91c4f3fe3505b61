import { nameOf } from '../../model/series.js';
import { type Command, DATASET_OPTION, JSON_OPTION, SERIES_ARGS, withTapekeep } from '../command.js';

export const why: Command = {
  name: 'why',
  about: 'which source is chosen for a series, and why not another',
  args: SERIES_ARGS,
  options: [
    ['--class <class>', 'what is traded: crypto, stock, fx, future …'],
    ['--calendar <name>', 'which bars should exist, as XNYS'],
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example: 'tapekeep why BTCUSDT 5m',
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [symbol = '', timeframe = ''] = call.args;
      const named = { symbol, timeframe, dataset: call.text('dataset'), assetClass: call.text('class') };
      const found = await tapekeep.why(named);
      const { screen } = call;
      if (call.on('json')) {
        screen.json(found);
        return 'done';
      }
      screen.say(`${nameOf(found.series)} (${found.series.assetClass}): ${found.says}.`);
      for (const { provider, fits, why: because } of found.considered) {
        screen.say(`  ${fits ? screen.paint.good(provider) : provider}: ${because}`);
      }
      return 'done';
    }),
};

import { fail } from '../../model/errors.js';
import type { OpinionReport } from '../../model/opinion.js';
import { type Call, type Command, DATASET_OPTION, type Described, JSON_OPTION, SERIES_ARGS } from '../command.js';
import type { Exit } from '../exits.js';
import { withJobDisplay } from '../jobs/display.js';
import type { FollowJob } from '../jobs/job.js';
import { type OpinionRequest, parseShare } from '../jobs/opinion.js';
import { jsonOfOpinion, tellOpinion } from '../jobs/opinion-words.js';
import type { Tapekeep } from '../library.js';

export const OPINION_OPTIONS: readonly Described[] = [
  ['--sample <share>', 'of the stored bars, as 1% (the default) or 0.01; stretches from all over, chosen by chance'],
  ['--from <time>', 'only bars from this day or moment on'],
  ['--to <time>', 'only bars up to this day or moment'],
  ['--requests <count>', 'so many requests at most; 100 unless told otherwise'],
  ['--seed <number>', 'chooses the same bars again'],
  ['--plan', 'tells what would be asked, and asks nothing'],
  DATASET_OPTION,
  JSON_OPTION,
];

export const compare: Command = {
  name: 'compare',
  about: 'holds stored bars against those of another source',
  more: 'A sample is asked for and compared bar by bar; nothing is written. Prices of another basis are refused, but for splits, which are taken out by their own factors; a volume in another unit is left out.',
  args: SERIES_ARGS,
  options: [
    ['--with <provider>', 'who is asked'],
    ['--tolerance <share>', 'how far prices may be apart; 0.1% unless told otherwise'],
    ['--volume-tolerance <share>', 'how far volumes may be apart; 10% unless told otherwise'],
    ...OPINION_OPTIONS,
  ],
  example: 'tapekeep compare BTCUSDT 1m --with binance\ntapekeep compare AAPL 1d --with tiingo --sample 5% --tolerance 0.05%',
  exits: ['missing', 'differs', 'cancelled'],
  run: call => {
    const other = call.text('with');
    if (other === undefined) throw fail('USAGE', { reason: 'with whom? Name another source with --with. Nothing was asked' });
    const price = parseShare(call.text('tolerance'), '--tolerance');
    const volume = parseShare(call.text('volumeTolerance'), '--volume-tolerance');
    const tolerance = { ...(price !== undefined && { price }), ...(volume !== undefined && { volume }) };
    return opinion(call, (tapekeep, named, follow) => tapekeep.compare(named, { ...requestOf(call), with: other, tolerance }, follow));
  },
};

type Ask = (
  tapekeep: Tapekeep,
  named: { symbol: string; timeframe: string; dataset: string | undefined },
  follow: FollowJob,
) => Promise<OpinionReport>;

export const opinion = (call: Call, ask: Ask): Promise<Exit> =>
  withJobDisplay(call, async (tapekeep, follow) => {
    const [symbol = '', timeframe = ''] = call.args;
    const report = await ask(tapekeep, { symbol, timeframe, dataset: call.text('dataset') }, follow);
    return () => {
      if (call.on('json')) call.screen.json(jsonOfOpinion(report));
      else tellOpinion(call, report);
      return report.outcome === 'differs' ? 'differs' : 'done';
    };
  });

export function requestOf(call: Call): OpinionRequest {
  const [sample, from, to] = [parseShare(call.text('sample'), '--sample'), call.text('from'), call.text('to')];
  const [requests, seed] = [wholeOf(call, 'requests'), wholeOf(call, 'seed')];
  return {
    ...(sample !== undefined && { sample }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(requests !== undefined && { requests }),
    ...(seed !== undefined && { seed }),
    dryRun: call.on('plan'),
  };
}

function wholeOf(call: Call, name: string): number | undefined {
  const text = call.text(name);
  if (text !== undefined && !/^\d{1,9}$/.test(text))
    throw fail('USAGE', { reason: `--${name} is a whole number, not ${JSON.stringify(text)}. Nothing was asked` });
  return text === undefined ? undefined : Number(text);
}

import { fail } from '../../model/errors.js';
import { MODES, type Mode } from '../../model/load.js';
import { nameOf } from '../../model/series.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import type { Tapekeep } from '../library.js';
import type { Display } from '../loads/display.js';
import { followLoads, withDisplay } from '../loads/on-screen.js';
import { jsonOfPlan, planLines } from '../loads/plan-words.js';
import type { LoadRequest } from '../requests.js';

export const load: Command = {
  name: 'load',
  about: 'makes series complete: fetches what is missing',
  more: 'Finds what is missing, fetches exactly that, proves it and commits it. When no daemon runs, one is started for as long as it takes. Ctrl+C cancels the load and keeps what was fetched.',
  args: [
    ['<symbols>', 'one symbol, or several with commas between; @majors is a watchlist of the settings'],
    ['[timeframes]', 'one timeframe, or several with commas between; a watchlist has its own'],
  ],
  options: [
    ['--from <time>', 'from this day or moment on; else since the listing'],
    ['--to <time>', 'up to this day or moment; else until now'],
    ['--mode <mode>', 'full, backfill (before what is there), tail (after it) or local (fetches nothing)'],
    ['--provider <name>', 'where the bars come from'],
    ['--derive <timeframe>', 'made of the stored bars of this finer timeframe, and kept in step with them: nothing is fetched'],
    DATASET_OPTION,
    ['--class <class>', 'what is traded: crypto, stock, etf, index, fx, future …'],
    ['--calendar <name>', 'which bars should exist, as XNYS or FOREX'],
    ['--reload', 'takes all that the series holds anew, in one version: after a split or another change of measure'],
    ['--plan', 'tells what would be fetched, and fetches nothing'],
    ['--detach', 'leaves the load to the daemon that runs, and does not wait'],
    JSON_OPTION,
  ],
  example:
    'tapekeep load BTCUSDT 1m --from 2024-01-01\ntapekeep load BTCUSDT,ETHUSDT 1h,1d\ntapekeep load @majors\ntapekeep load BTCUSDT 1h --derive 1m\ntapekeep load BTCUSDT 1m --plan',
  exits: ['missing', 'damaged', 'partial', 'cancelled'],
  async run(call) {
    const request = requestOf(call);
    if (call.on('plan')) return withDisplay(call, (tapekeep, display) => plan(call, tapekeep, request, display));
    if (call.on('detach')) return withTapekeep(call, tapekeep => detach(call, tapekeep, request, isSeveral(request)));
    return withDisplay(call, (tapekeep, display) => followLoads(call, tapekeep, display, follow => tapekeep.loadEach(request, follow)));
  },
};

function requestOf(call: Call): LoadRequest {
  const [symbols = '', timeframes = ''] = call.args;
  const given = {
    from: call.text('from'),
    to: call.text('to'),
    provider: call.text('provider'),
    derive: call.text('derive'),
    dataset: call.text('dataset'),
    assetClass: call.text('class'),
    calendar: call.text('calendar'),
    reload: call.on('reload') || undefined,
  };
  const optional = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const mode = call.text('mode');
  return {
    symbol: symbols.split(','),
    timeframe: timeframes === '' ? [] : timeframes.split(','),
    ...(mode === undefined ? {} : { mode: modeOf(mode) }),
    ...optional,
  };
}

/** Whether more than one series may be meant. */
const isSeveral = ({ symbol, timeframe }: LoadRequest): boolean =>
  [symbol].flat().length > 1 || [timeframe].flat().length > 1 || [symbol].flat().some(name => name.startsWith('@'));

function modeOf(text: string): Mode {
  const mode = MODES.find(m => m === text);
  if (!mode)
    throw fail('USAGE', { reason: `there is no mode ${JSON.stringify(text)}: it is one of ${MODES.join(', ')}. Nothing was done` });
  return mode;
}

async function plan(call: Call, tapekeep: Tapekeep, request: LoadRequest, display: Display): Promise<Exit> {
  const plans = await tapekeep.plan(request);
  display.end();
  if (call.on('json')) call.screen.json(plans.map(jsonOfPlan));
  else for (const line of plans.flatMap(planLines)) call.screen.say(line);
  return 'done';
}

async function detach(call: Call, tapekeep: Tapekeep, request: LoadRequest, several: boolean): Promise<Exit> {
  if (several) {
    const { id, title, series } = await tapekeep.submitMany(request);
    if (call.on('json')) call.screen.json({ id, series });
    else call.screen.say(`${title}: ordered as ${id}. tapekeep progress ${id} tells how far it is`);
    return 'done';
  }
  const submitted = await tapekeep.submit(request);
  if (call.on('json')) call.screen.json(submitted);
  else
    for (const { load, how, series } of submitted)
      call.screen.say(`${nameOf(series)}: ${how} as ${load}. tapekeep progress ${load} tells how far it is`);
  return 'done';
}

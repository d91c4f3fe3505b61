import { fail } from '../../model/errors.js';
import { MODES, type Mode } from '../../model/load.js';
import { nameOf } from '../../model/series.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import { type Exit, worstOf } from '../exits.js';
import { onInterrupt } from '../interrupt.js';
import type { Tapekeep } from '../library.js';
import { createDisplay, type Display } from '../load-display.js';
import { jsonOfPlan, planLines } from '../load-plan.js';
import { endOf, jsonOfEnd, reportLines } from '../load-report.js';
import type { LoadRequest } from '../requests.js';

export const load: Command = {
  name: 'load',
  about: 'makes series complete: fetches what is missing',
  more: 'Finds what is missing, fetches exactly that, proves it and commits it. When no daemon runs, one is started for as long as it takes. Ctrl+C cancels the load and keeps what was fetched.',
  args: [
    ['<symbols>', 'one symbol, or several with commas between'],
    ['<timeframes>', 'one timeframe, or several with commas between'],
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
    'tapekeep load BTCUSDT 1m --from 2024-01-01\ntapekeep load BTCUSDT,ETHUSDT 1h,1d\ntapekeep load BTCUSDT 1h --derive 1m\ntapekeep load BTCUSDT 1m --plan',
  exits: ['missing', 'damaged', 'partial', 'cancelled'],
  async run(call) {
    const request = requestOf(call);
    if (call.on('plan')) return withDisplay(call, (tapekeep, display) => plan(call, tapekeep, request, display));
    if (call.on('detach')) return withTapekeep(call, tapekeep => detach(call, tapekeep, request));
    return withDisplay(call, (tapekeep, display) => follow(call, tapekeep, request, display));
  },
};

const LEFT_THEIRS = 'Left at once. The daemon cancels the load and commits what was fetched; tapekeep loads shows it.';
const LEFT_OURS =
  'Left at once. The daemon that was started for the load is ending; the next one cancels the load and commits what was fetched. Nothing is lost.';

async function withDisplay(call: Call, work: (tapekeep: Tapekeep, display: Display) => Promise<Exit>): Promise<Exit> {
  const display = createDisplay(call.screen, call.globals.verbose);
  try {
    return await withTapekeep(
      call,
      tapekeep => work(tapekeep, display),
      line => display.starting(line),
    );
  } finally {
    display.end();
  }
}

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
    timeframe: timeframes.split(','),
    ...(mode === undefined ? {} : { mode: modeOf(mode) }),
    ...optional,
  };
}

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

async function detach(call: Call, tapekeep: Tapekeep, request: LoadRequest): Promise<Exit> {
  const submitted = await tapekeep.submit(request);
  if (call.on('json')) call.screen.json(submitted);
  else
    for (const { load, how, series } of submitted)
      call.screen.say(`${nameOf(series)}: ${how} as ${load}. tapekeep progress ${load} tells how far it is`);
  return 'done';
}

async function follow(call: Call, tapekeep: Tapekeep, request: LoadRequest, display: Display): Promise<Exit> {
  const { screen } = call;
  const interrupted = new AbortController();
  const release = onInterrupt(
    () => {
      display.note('cancelling: what was fetched is being committed. Ctrl+C again leaves at once');
      interrupted.abort('Ctrl+C');
    },
    () => {
      display.end();
      screen.tell(tapekeep.ownsDaemon ? LEFT_OURS : LEFT_THEIRS);
    },
  );
  try {
    const outcomes = await tapekeep.loadEach(request, {
      onProgress: (progress, series) => display.progress(progress, series),
      onTrouble: (reason, series) => display.trouble(reason, series),
      signal: interrupted.signal,
    });
    display.end();
    const ends = await Promise.all(outcomes.map(outcome => endOf(outcome, tapekeep)));
    if (call.on('json')) screen.json(ends.map(jsonOfEnd));
    else for (const end of ends) for (const line of reportLines(end, screen.paint)) screen.say(line);
    for (const end of ends) if (end.error) display.complain(end.error);
    return worstOf(ends.map(end => end.exit));
  } finally {
    release();
  }
}

import { fail } from '../../model/errors.js';
import { GAP_CLASSES, type GapClass, type GapRun, sumUp } from '../../model/gap-classes.js';
import type { PeerEvent } from '../../model/peers.js';
import { nameOf } from '../../model/series.js';
import { ANY_SERIES_ARGS, type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import { type GapReport, gapsOf } from '../gaps/gaps.js';
import type { SeriesGaps } from '../gaps/gaps-across.js';
import type { Tapekeep } from '../library.js';
import type { Column } from '../screen/table.js';
import { count, many, moment } from '../screen/words.js';
import { iso } from '../times.js';

const WORDS: Readonly<Record<GapClass, string>> = {
  pending: 'not final yet',
  before_listing: 'before the listing',
  after_delisting: 'after the delisting',
  halted: 'trading was halted',
  optional: 'may be absent',
  no_trade: 'without a trade',
  provider_empty: 'the provider has none',
  out_of_reach: 'further back than the provider reaches',
  failed: 'the answers failed',
  missing: 'missing: the next load asks for them',
};

const RUNS: readonly Column<GapRun>[] = [
  { title: 'from', of: r => moment(r.from) },
  { title: 'to', of: r => moment(r.to) },
  { title: 'bars', of: r => count(r.bars), right: true },
  { title: 'class', of: r => r.class },
  { title: 'known from', of: r => r.evidence || '-', spare: 1 },
  { title: 'asked again', of: r => (r.next === null ? '-' : moment(r.next)) },
];

type Total = readonly [GapClass, number];
const TOTALS: readonly Column<Total>[] = [
  { title: 'class', of: ([name]) => name },
  { title: 'bars', of: ([, bars]) => count(bars), right: true },
  { title: 'that is', of: ([name]) => WORDS[name] },
];

export const gaps: Command = {
  name: 'gaps',
  about: 'bars that are not there, each with its reason',
  more: 'Every bar that the calendar expects and the table lacks is in one of ten classes. Closed days are no gaps. What most series of a calendar lack together is one event, a halt or a suspected outage. Without a series: all of them, and their events.',
  args: ANY_SERIES_ARGS,
  options: [
    ['--from <time>', 'from here on; else from where the series was first asked for'],
    ['--to <time>', 'until here; else until now'],
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example: 'tapekeep gaps BTCUSDT 1m --from 2024-01-01\ntapekeep gaps',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [symbol, timeframe] = call.args;
      if (symbol === undefined) return across(call, tapekeep);
      if (timeframe === undefined) throw fail('USAGE', { reason: `name the timeframe of ${symbol}, too. Nothing was done` });
      const report = await gapsOf(tapekeep, { symbol, timeframe, dataset: call.text('dataset') }, call.text('from'), call.text('to'));
      if (call.on('json')) call.screen.json(jsonOf(report));
      else tell(report, call.screen);
      return 'done';
    }),
};

async function across(call: Call, tapekeep: Tapekeep): Promise<Exit> {
  const { gapsAcross } = await import('../gaps/gaps-across.js');
  const { series, markets } = await gapsAcross(tapekeep, call.text('from'), call.text('to'));
  if (call.on('json')) {
    call.screen.json({
      series: series.map(({ series: s, ...of }) => ({ ...s, ...of })),
      markets: markets.map(m => ({ ...m, events: m.events.map(jsonOfEvent) })),
    });
    return 'done';
  }
  call.screen.table(ACROSS, series);
  for (const { calendar, timeframe, events } of markets) {
    call.screen.say(`What most series of ${calendar} ${timeframe} lack together:`);
    call.screen.table(EVENTS, events);
  }
  return 'done';
}

const ACROSS: readonly Column<SeriesGaps>[] = [
  { title: 'series', of: s => nameOf(s.series) },
  { title: 'expected', of: s => count(s.expected), right: true },
  { title: 'there', of: s => count(s.present), right: true },
  {
    title: 'not there',
    of: s =>
      GAP_CLASSES.filter(c => s.totals[c] > 0)
        .map(c => `${c} ${count(s.totals[c])}`)
        .join(', ') || '-',
  },
];

const EVENTS: readonly Column<PeerEvent>[] = [
  { title: 'from', of: e => moment(e.from) },
  { title: 'to', of: e => moment(e.to) },
  { title: 'event', of: e => (e.kind === 'halted' ? 'halt' : 'suspected outage') },
  { title: 'known from', of: e => e.why },
];

const jsonOfEvent = ({ from, to, ...event }: PeerEvent) => ({ ...event, from: iso(from), to: iso(to) });

function tell({ table, within, expected, present, runs, events }: GapReport, screen: Parameters<Command['run']>[0]['screen']): void {
  const range = `${moment(within.from)} to ${moment(within.to)}`;
  screen.say(`${nameOf(table.series)}, ${range}: ${count(present)} of ${many(expected, 'bar')} are there`);
  const { totals, longest } = sumUp(runs);
  const some = GAP_CLASSES.map((name): Total => [name, totals[name]]).filter(([, bars]) => bars > 0);
  if (some.length === 0) return;
  screen.table(TOTALS, some);
  screen.say('The longest runs:');
  screen.table(RUNS, longest);
  if (events.length === 0) return;
  screen.say('What most series of its calendar lack together:');
  screen.table(EVENTS, events);
}

const jsonOf = ({ table, within, expected, present, runs, events }: GapReport) => ({
  ...table.series,
  from: iso(within.from),
  to: iso(within.to),
  expected,
  present,
  totals: sumUp(runs).totals,
  runs: runs.map(r => ({ ...r, from: iso(r.from), to: iso(r.to), next: iso(r.next) })),
  events: events.map(jsonOfEvent),
});

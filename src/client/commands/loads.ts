import { nameOf } from '../../model/series.js';
import { type Call, type Command, JSON_OPTION, withTapekeep } from '../command.js';
import type { LoadFilter } from '../loads/list.js';
import { jsonOfLoad, type LoadRow } from '../loads/row.js';
import type { Column } from '../screen/table.js';
import { duration, when } from '../screen/words.js';

const COLUMNS: readonly Column<LoadRow>[] = [
  { title: 'load', of: l => l.load },
  { title: 'series', of: l => nameOf(l.series) },
  { title: 'provider', of: l => l.provider, spare: 1 },
  { title: 'outcome', of: l => l.outcome },
  { title: 'started', of: l => when(l.startedAt) },
  { title: 'took', of: l => duration((l.endedAt ?? Date.now()) - l.startedAt), right: true },
];

export const loads: Command = {
  name: 'loads',
  about: 'the loads that run, and those of the last 90 days',
  more: 'With options only those that fit all of them; a value may be several with commas between.',
  options: [
    ['--symbol <names>', 'of these symbols'],
    ['--timeframe <names>', 'of these timeframes'],
    ['--provider <names>', 'from these sources'],
    ['--outcome <words>', 'running, done, nothing, partial, failed or cancelled'],
    ['--failed', 'as --outcome failed'],
    ['--running', 'as --outcome running'],
    ['--since <time>', 'begun at this day or moment, or later'],
    ['--of <order>', 'started by this order of many series'],
    ['--most <count>', 'so many at most (100)'],
    JSON_OPTION,
  ],
  example: 'tapekeep loads\ntapekeep loads --symbol BTCUSDT,ETHUSDT --failed --since 2024-01-31',
  run: call =>
    withTapekeep(call, async tapekeep => {
      const filter = filterOf(call);
      const rows = await tapekeep.loads(Number(call.text('most') ?? 100), filter);
      if (call.on('json')) call.screen.json(rows.map(jsonOfLoad));
      else if (rows.length > 0) call.screen.table(COLUMNS, rows);
      else if (Object.keys(filter).length > 0) call.screen.say('No load fits.');
      else call.screen.say('There are no loads yet. tapekeep load <symbol> <timeframe> orders one.');
      return 'done';
    }),
};

function filterOf(call: Call): LoadFilter {
  const several = (option: string) => call.text(option)?.split(',');
  const outcomes = [...(several('outcome') ?? []), ...['failed', 'running'].filter(word => call.on(word))];
  const given = {
    symbol: several('symbol'),
    timeframe: several('timeframe'),
    provider: several('provider'),
    outcome: outcomes.length > 0 ? outcomes : undefined,
    since: call.text('since'),
    of: call.text('of'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

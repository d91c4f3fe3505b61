import { VALUES } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { interval } from '../../model/interval.js';
import { nameOf } from '../../model/series.js';
import { parseTimeframe, type Timeframe } from '../../model/timeframe.js';
import type { Table } from '../../store/index.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, SERIES_ARGS, withTapekeep } from '../command.js';
import { checkAdjustment } from '../events/events.js';
import type { Tapekeep } from '../library.js';
import { pourArray, pourTable } from '../screen/pour.js';
import type { Screen } from '../screen/screen.js';
import type { Column } from '../screen/table.js';
import { exact, many, moment } from '../screen/words.js';
import { type BarRow, newestOf, rowsIn } from '../stored/bars-out.js';
import { barsAsked } from '../stored/coarser.js';
import { versionAt } from '../stored/versions.js';
import { parseSpan } from '../times.js';

const NEWEST = 20;

/** What a narrow terminal does without, the highest first. */
const SPARE: Readonly<Record<string, number>> = { turnover: 2, trades: 1 };

const COLUMNS: readonly Column<BarRow>[] = [
  { title: 'ts (UTC)', of: b => moment(b.ts) },
  ...VALUES.map(name => ({ title: name, of: (b: BarRow) => exact(b[name]), right: true, ...(SPARE[name] && { spare: SPARE[name] }) })),
  { title: 'source', of: b => b.source ?? '-', spare: 3 },
];

export const show: Command = {
  name: 'show',
  about: 'bars of a series, as of any version',
  more: 'Without a range, the newest 20. --json and --csv give every bar of the range, one a line, with all their digits.',
  args: SERIES_ARGS,
  options: [
    ['--from <time>', 'from this day or moment on, e.g. 2024-01-31 or 2024-01-31T12:00Z'],
    ['--to <time>', 'up to this day or moment, which is not in it'],
    ['--timeframe <timeframe>', 'coarser bars, made of those of the series'],
    ['--adjusted <by>', "by today's measure: split, or dividend for both; else as they were traded"],
    ['--as-of <version>', 'as it was at this version, or at this moment'],
    DATASET_OPTION,
    JSON_OPTION,
    ['--csv', 'as CSV'],
  ],
  example:
    'tapekeep show BTCUSDT 1m\ntapekeep show BTCUSDT 1d --from 2024-01-01 --to 2025-01-01 --csv > 2024.csv\ntapekeep show BTCUSDT 1m --as-of 3',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      if (call.on('json') && call.on('csv')) throw fail('USAGE', { reason: '--json and --csv cannot both be given. Nothing was done' });
      const range = parseSpan(call.text('from'), call.text('to'), Number.POSITIVE_INFINITY);
      const table = await tableOf(call, tapekeep);
      const timeframe = parseTimeframe(call.text('timeframe') ?? table.series.timeframe);
      const adjusted = checkAdjustment(call.text('adjusted'));
      const { settings, tables } = tapekeep;
      const bars = (from: number, to: number) => barsAsked(settings, tables, table, { interval: interval(from, to), timeframe, adjusted });
      const shown = { table, timeframe };
      const all = () => rowsIn(bars(range.from ?? Number.NEGATIVE_INFINITY, range.to ?? Number.POSITIVE_INFINITY));
      if (call.on('csv')) await pourCsv(call.screen, all());
      else if (call.on('json')) await pourJson(call.screen, all());
      else if (range.from !== null || range.to !== null) await showRange(call.screen, shown, all());
      else showNewest(call.screen, shown, await newestOf(table, NEWEST, timeframe, from => bars(from, Number.POSITIVE_INFINITY)));
      return 'done';
    }),
};

async function tableOf(call: Call, tapekeep: Tapekeep): Promise<Table> {
  const [symbol = '', timeframe = ''] = call.args;
  const series = await tapekeep.find({ symbol, timeframe, dataset: call.text('dataset') });
  const asOf = call.text('asOf');
  return tapekeep.tables.open(series, asOf === undefined ? undefined : await versionAt(tapekeep.tables, series, asOf));
}

type Bars = AsyncIterable<BarRow[]>;

interface Shown {
  readonly table: Table;
  readonly timeframe: Timeframe;
}

const toldOf = ({ table, timeframe }: Shown): string =>
  `${nameOf(table.series)}${timeframe === table.series.timeframe ? '' : ` as ${timeframe}`}, version ${table.snapshot.version}`;

function showNewest(screen: Screen, shown: Shown, newest: readonly BarRow[]): void {
  screen.table(COLUMNS, newest);
  const own = shown.timeframe === shown.table.series.timeframe;
  const more = [...shown.table.snapshot.files.values()].reduce((n, f) => n + f.rows, 0) - newest.length;
  const name = toldOf(shown);
  if (!own) screen.say(screen.paint.dim(`the newest ${newest.length} of ${name}: --from, --to show others`));
  else if (more === 0) screen.say(screen.paint.dim(`${many(newest.length, 'bar')} of ${name}: all there are`));
  else screen.say(screen.paint.dim(`the newest ${newest.length} of ${name}; ${many(more, 'older bar')} more: --from, --to`));
}

async function showRange(screen: Screen, of: Shown, bars: Bars): Promise<void> {
  const shown = await pourTable(screen, COLUMNS, bars);
  screen.say(screen.paint.dim(`${many(shown, 'bar')} of ${toldOf(of)}`));
}

const stampOf = (ts: number): string => new Date(ts).toISOString();

async function pourJson(screen: Screen, bars: Bars): Promise<void> {
  await pourArray(screen, bars, row => ({ ...row, ts: stampOf(row.ts) }));
  screen.say();
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function pourCsv(screen: Screen, bars: Bars): Promise<void> {
  await screen.pour(`ts,${VALUES.join(',')},source\n`);
  const cell = (value: number | null) => (value === null ? '' : exact(value));
  for await (const rows of bars) {
    await screen.pour(
      rows.map(row => `${[stampOf(row.ts), ...VALUES.map(v => cell(row[v])), quoted(row.source ?? '')].join(',')}\n`).join(''),
    );
  }
}

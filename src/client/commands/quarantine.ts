import { VALUES } from '../../model/bars.js';
import { nameOf } from '../../model/series.js';
import type { AsideBars, AsideFile } from '../../store/index.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Column } from '../screen/table.js';
import { plain } from '../screen/text.js';
import { bytes, many, moment, when } from '../screen/words.js';

interface Row {
  readonly of: AsideBars;
  readonly bar: AsideBars['bars'][number];
}

const BARS: readonly Column<Row>[] = [
  { title: 'series', of: r => nameOf(r.of.series) },
  { title: 'version', of: r => String(r.of.version), right: true },
  {
    title: 'ts (UTC)',
    of: ({ bar }) => ('line' in bar ? `line ${bar.line}${bar.column > 0 ? `, column ${bar.column}` : ''}` : moment(bar.ts)),
  },
  { title: 'reason', of: r => r.bar.reason },
  { title: 'source', of: ({ of, bar }) => ('line' in bar ? of.files.map(plain).join(', ') : bar.source) },
  { title: 'because', of: r => plain(r.bar.says) },
];

const FILES: readonly Column<AsideFile>[] = [
  { title: 'file', of: f => f.file },
  { title: 'size', of: f => bytes(f.bytes), right: true },
  { title: 'set aside', of: f => when(f.at) },
];

export const quarantine: Command = {
  name: 'quarantine',
  about: 'bars and files that were set aside, and why',
  more: 'Bars that could not be right when they came; raw files of loads that were refused, and what a repair found broken. Nothing removes them.',
  args: [
    ['[symbol]', 'the name the market uses; without one, every series'],
    ['[timeframe]', '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
  ],
  options: [DATASET_OPTION, JSON_OPTION],
  example: 'tapekeep quarantine\ntapekeep quarantine BTCUSDT 1m --json',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [symbol, timeframe] = call.args;
      const dataset = call.text('dataset');
      const { bars, files } = await tapekeep.quarantine(symbol === undefined ? { dataset } : { symbol, timeframe, dataset });
      if (call.on('json'))
        call.screen.json({ bars: bars.flatMap(jsonOf), files: files.map(f => ({ ...f, at: new Date(f.at).toISOString() })) });
      else show(call, bars, files);
      return 'done';
    }),
};

function show({ screen }: Call, bars: readonly AsideBars[], files: readonly AsideFile[]): void {
  const rows = bars.flatMap(of => of.bars.map(bar => ({ of, bar })));
  if (rows.length > 0) screen.table(BARS, rows);
  if (files.length > 0) screen.table(FILES, files);
  screen.say(screen.paint.dim(`${many(rows.length, 'bar')} and ${many(files.length, 'file')} set aside`));
}

/** A bar, or a row of somebody's file that is none. */
const jsonOf = ({ series, version, provider, load, files, bars }: AsideBars) =>
  bars.map(bar => {
    const { reason, says } = bar;
    if ('line' in bar) return { series, version, files, line: bar.line, column: bar.column, row: bar.row, reason, says, load };
    const values = Object.fromEntries(VALUES.map((name, i) => [name, bar.values[i] ?? null]));
    return { series, version, ts: new Date(bar.ts).toISOString(), ...values, source: bar.source, reason, says, provider, load, ...bar.of };
  });

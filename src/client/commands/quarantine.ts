import { VALUES } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { nameOf } from '../../model/series.js';
import type { AsideBars, AsideFile } from '../../store/index.js';
import { ANY_SERIES_ARGS, anyNamed, type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import { pourArray, pourTable } from '../screen/pour.js';
import type { Screen } from '../screen/screen.js';
import type { Column } from '../screen/table.js';
import { jsonText, plain } from '../screen/text.js';
import { bytes, count, many, moment, when } from '../screen/words.js';
import { iso } from '../times.js';

/** One look shows so many; a file with a wrong column can set a million aside. */
const FIRST = 20;
/** Rows that are text at once. */
const HANDFUL = 5_000;

interface Row {
  readonly of: AsideBars;
  readonly bar: AsideBars['bars'][number];
}

/** Which bar it is of stands in the line already. */
const STAMP = /\bbar \d{4}-\S+Z: /;

const BARS: readonly Column<Row>[] = [
  { title: 'series', of: r => nameOf(r.of.series) },
  { title: 'version', of: r => String(r.of.version), right: true, spare: 3 },
  {
    title: 'bar (UTC) or line',
    of: ({ bar }) => ('line' in bar ? `line ${bar.line}${bar.column > 0 ? `, column ${bar.column}` : ''}` : moment(bar.ts)),
  },
  { title: 'reason', of: r => r.bar.reason },
  { title: 'source', of: ({ of, bar }) => ('line' in bar ? of.files.map(plain).join(', ') : bar.source), spare: 2 },
  { title: 'because', of: r => plain(r.bar.says.replace(STAMP, '')) },
];

const FILES: readonly Column<AsideFile>[] = [
  { title: 'file', of: f => f.file },
  { title: 'size', of: f => bytes(f.bytes), right: true },
  { title: 'set aside', of: f => when(f.at) },
];

export const quarantine: Command = {
  name: 'quarantine',
  about: 'bars and files that were set aside, and why',
  more: 'Bars that could not be right when they came, rows of imported files that are no bars; raw files of loads that were refused, and what a repair found broken. Nothing removes them. The first 20 are shown; --json gives every one.',
  args: ANY_SERIES_ARGS,
  options: [['--limit <n>', 'the first so many, instead of 20'], ['--all', 'every one'], DATASET_OPTION, JSON_OPTION],
  example: 'tapekeep quarantine\ntapekeep quarantine BTCUSDT 1m --limit 100\ntapekeep quarantine BTCUSDT 1m --json',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const most = mostOf(call);
      const { bars, files } = await tapekeep.quarantine(anyNamed(call));
      if (call.on('json')) await pourJson(call.screen, bars, files);
      else await show(call.screen, bars, files, most);
      return 'done';
    }),
};

function mostOf(call: Call): number {
  const limit = call.text('limit');
  if (limit === undefined) return call.on('all') ? Number.POSITIVE_INFINITY : FIRST;
  if (call.on('all')) throw fail('USAGE', { reason: '--all and --limit cannot both be given. Nothing was done' });
  if (!/^[1-9]\d{0,8}$/.test(limit))
    throw fail('USAGE', { reason: `--limit is a whole number from 1 on, not ${JSON.stringify(limit)}. Nothing was done` });
  return Number(limit);
}

async function show(screen: Screen, bars: readonly AsideBars[], files: readonly AsideFile[], most: number): Promise<void> {
  const rows = bars.reduce((n, of) => n + of.bars.length, 0);
  if (rows + files.length === 0) return screen.say('Nothing was set aside.');
  await pourTable(screen, BARS, handfulsOf(bars, most));
  if (files.length > 0) screen.table(FILES, files.slice(0, most));
  const [moreRows, moreFiles] = [Math.max(0, rows - most), Math.max(0, files.length - most)];
  const more = [...(moreRows > 0 ? [many(moreRows, 'more bar')] : []), ...(moreFiles > 0 ? [many(moreFiles, 'more file')] : [])];
  if (more.length > 0) screen.say(`and ${more.join(' and ')}: --limit ${count(10 * FIRST)} shows so many, --all every one`);
  screen.say(screen.paint.dim(`${many(rows, 'bar')} and ${many(files.length, 'file')} set aside`));
}

/** Some at a time, in the memory of those. */
function* handfulsOf(bars: readonly AsideBars[], most = Number.POSITIVE_INFINITY): Generator<Row[]> {
  let left = most;
  for (const of of bars)
    for (let at = 0; at < of.bars.length && left > 0; at += HANDFUL) {
      const rows = of.bars.slice(at, at + Math.min(HANDFUL, left)).map(bar => ({ of, bar }));
      left -= rows.length;
      yield rows;
    }
}

/** One document, one bar a line. */
async function pourJson(screen: Screen, bars: readonly AsideBars[], files: readonly AsideFile[]): Promise<void> {
  await screen.pour('{ "bars": ');
  await pourArray(screen, handfulsOf(bars), jsonOf);
  screen.say(`, "files": ${jsonText(files.map(f => ({ ...f, at: iso(f.at) })))} }`);
}

/** A bar, or a row of somebody's file that is none. */
function jsonOf({ of: { series, version, provider, load, files }, bar }: Row) {
  const { reason, says } = bar;
  if ('line' in bar) return { series, version, files, line: bar.line, column: bar.column, row: bar.row, reason, says, load };
  const values = Object.fromEntries(VALUES.map((name, i) => [name, bar.values[i] ?? null]));
  return { series, version, ts: iso(bar.ts), ...values, source: bar.source, reason, says, provider, load, ...bar.of };
}

import { fail } from '../../model/errors.js';
import { nameOf } from '../../model/series.js';
import type { Difference } from '../../store/index.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, SERIES_ARGS, withTapekeep } from '../command.js';
import type { Tapekeep } from '../library.js';
import { pourArray } from '../screen/pour.js';
import type { Column } from '../screen/table.js';
import { count, many, moment } from '../screen/words.js';
import { differenceWords, jsonOfDifference, kindOf } from '../stored/differences.js';

const SHOWN = 50;

const COLUMNS: readonly Column<Difference>[] = [
  { title: 'ts (UTC)', of: d => moment(d.ts) },
  { title: 'what', of: kindOf },
  { title: 'how', of: differenceWords },
];

export const diff: Command = {
  name: 'diff',
  about: 'the bars in which two versions of a series differ',
  more: `Shows the first ${SHOWN} and counts them all; --json gives every one, one a line.`,
  args: [...SERIES_ARGS, ['<before>', 'a version, or a moment'], ['<after>', 'a version, or a moment']],
  options: [['--most <count>', 'so many lines at most'], DATASET_OPTION, JSON_OPTION],
  example: 'tapekeep diff BTCUSDT 1m 3 5\ntapekeep diff BTCUSDT 1m 2024-05-01 2024-06-01 --json',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [symbol = '', timeframe = '', before = '', after = ''] = call.args;
      const named = { symbol, timeframe, dataset: call.text('dataset') };
      const found = tapekeep.diff(named, before, after);
      if (call.on('json')) await pour(call, found);
      else await show(call, tapekeep, named, found);
      return 'done';
    }),
};

async function pour({ screen }: Call, found: AsyncIterable<Difference[]>): Promise<void> {
  await pourArray(screen, found, jsonOfDifference);
  screen.say();
}

async function show(
  call: Call,
  tapekeep: Tapekeep,
  named: { symbol: string; timeframe: string; dataset: string | undefined },
  found: AsyncIterable<Difference[]>,
): Promise<void> {
  const most = mostOf(call.text('most'));
  const first: Difference[] = [];
  const counts = { added: 0, removed: 0, changed: 0 };
  for await (const part of found) {
    first.push(...part.slice(0, Math.max(0, most - first.length)));
    for (const row of part) counts[kindOf(row)]++;
  }
  const all = counts.added + counts.removed + counts.changed;
  const name = nameOf(await tapekeep.find(named));
  if (all === 0) return call.screen.say(`${name}: the two versions hold the same bars.`);
  if (first.length > 0) call.screen.table(COLUMNS, first);
  const more = all > first.length ? `; the first ${count(first.length)} are shown` : '';
  call.screen.say(
    call.screen.paint.dim(
      `${name}: ${many(counts.added, 'bar')} added, ${count(counts.removed)} removed, ${count(counts.changed)} changed${more}`,
    ),
  );
}

function mostOf(text = String(SHOWN)): number {
  if (!/^\d{1,9}$/.test(text)) throw fail('USAGE', { reason: `--most is a number, not ${JSON.stringify(text)}. Nothing was done` });
  return Number(text);
}

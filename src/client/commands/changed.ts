import { fail } from '../../model/errors.js';
import { nameOf } from '../../model/series.js';
import { ANY_SERIES_ARGS, anyNamed, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Column } from '../screen/table.js';
import { count, moment, when } from '../screen/words.js';
import type { Revision } from '../stored/changed.js';
import { iso, parseMoment } from '../times.js';

const COLUMNS: readonly Column<Revision>[] = [
  { title: 'series', of: r => nameOf(r.series) },
  { title: 'version', of: r => String(r.version), right: true },
  { title: 'when', of: r => when(r.at) },
  { title: 'provider', of: r => r.provider ?? '-' },
  { title: 'bars', of: r => count(r.bars), right: true },
  { title: 'first', of: r => moment(r.first) },
  { title: 'last', of: r => moment(r.last) },
  { title: 'closes by up to', of: r => (r.most === null ? '-' : `${(r.most * 100).toPrecision(2)} %`), right: true },
];

export const changed: Command = {
  name: 'changed',
  about: 'what sources revised of bars that were there',
  more: 'A line for each version in which a source replaced bars. tapekeep diff shows the bars themselves.',
  args: ANY_SERIES_ARGS,
  options: [['--since <time>', 'from this day or moment on'], DATASET_OPTION, JSON_OPTION],
  example: 'tapekeep changed --since 2024-05-01\ntapekeep changed BTCUSDT 1m --since 2024-05-01',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const since = call.text('since');
      if (since === undefined) throw fail('USAGE', { reason: 'since when? Name a day or a moment with --since. Nothing was done' });
      const revisions = await tapekeep.changed(parseMoment(since), anyNamed(call));
      if (call.on('json')) call.screen.json(revisions.map(jsonOf));
      else if (revisions.length === 0) call.screen.say(`No source revised a bar since ${moment(parseMoment(since))}.`);
      else call.screen.table(COLUMNS, revisions);
      return 'done';
    }),
};

const jsonOf = ({ at, first, last, ...revision }: Revision) => ({ ...revision, at: iso(at), first: iso(first), last: iso(last) });

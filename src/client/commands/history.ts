import { type Command, DATASET_OPTION, JSON_OPTION, SERIES_ARGS, withTapekeep } from '../command.js';
import type { Column } from '../screen/table.js';
import { count, moment, when } from '../screen/words.js';
import { type Change, changeOf } from '../stored/lineage.js';
import { iso } from '../times.js';

const number = (n: number | null): string => (n === null ? '-' : count(n));

const COLUMNS: readonly Column<Change>[] = [
  { title: 'version', of: c => String(c.version), right: true },
  { title: 'when', of: c => when(c.at) },
  { title: 'what', of: c => (c.restored === null ? c.what : `${c.what} ${c.restored}`) },
  { title: 'added', of: c => number(c.added), right: true },
  { title: 'replaced', of: c => number(c.replaced), right: true, spare: 2 },
  { title: 'from', of: c => moment(c.from) },
  { title: 'to', of: c => moment(c.to) },
  { title: 'provider', of: c => (c.derived ? `${c.derived.from} version ${c.derived.version}` : (c.provider ?? '-')), spare: 1 },
  { title: 'requests', of: c => number(c.requests), right: true, spare: 4 },
  { title: 'by', of: c => c.by ?? '-', spare: 3 },
  { title: 'load', of: c => c.load ?? '-', spare: 5 },
];

type Named = Change['files'][number] & Pick<Change, 'version'>;

const FILES: readonly Column<Named>[] = [
  { title: 'version', of: f => String(f.version), right: true },
  { title: 'file', of: f => f.name },
  { title: 'SHA-256', of: f => f.sha256 },
];

export const history: Command = {
  name: 'history',
  about: 'the versions of a series, and what made them',
  args: SERIES_ARGS,
  options: [['--files', 'the archives and the files of your own that bars came in, with their checksums'], DATASET_OPTION, JSON_OPTION],
  example: 'tapekeep history BTCUSDT 1m',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [symbol = '', timeframe = ''] = call.args;
      const changes = (await tapekeep.history({ symbol, timeframe, dataset: call.text('dataset') })).map(changeOf);
      if (call.on('json')) {
        call.screen.json(changes.map(c => ({ ...c, at: iso(c.at), from: iso(c.from), to: iso(c.to) })));
      } else if (call.on('files')) {
        const named = changes.flatMap(({ version, files }) => files.map((file): Named => ({ version, ...file })));
        if (named.length === 0) call.screen.say('No bar came in a file: requests brought them all');
        else call.screen.table(FILES, named);
      } else call.screen.table(COLUMNS, changes);
      return 'done';
    }),
};

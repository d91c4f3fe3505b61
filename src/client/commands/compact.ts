import { nameOf } from '../../model/series.js';
import type { CompactFacts } from '../../model/upkeep.js';
import { ANY_SERIES_ARGS, anyNamed, type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import { withJobDisplay } from '../jobs/display.js';
import type { Tapekeep } from '../library.js';
import { plain } from '../screen/text.js';
import { many } from '../screen/words.js';

export const compact: Command = {
  name: 'compact',
  about: 'folds small files: the same bars in fewer files',
  more: 'Minutes and hours become a file a year (store.slice), days and longer one file. That every row is the same is proved before the commit. The daemon does it by itself where there are many.',
  args: ANY_SERIES_ARGS,
  options: [['--dry-run', 'tells what would be folded, and does nothing'], DATASET_OPTION, JSON_OPTION],
  example: 'tapekeep compact --dry-run\ntapekeep compact BTCUSDT 1m',
  exits: ['missing', 'damaged', 'cancelled'],
  run: call => (call.on('dryRun') ? withTapekeep(call, tapekeep => shown(call, tapekeep)) : done(call)),
};

async function shown(call: Call, tapekeep: Tapekeep): Promise<Exit> {
  const all: { series: string; files: number }[] = [];
  for await (const { series, files } of tapekeep.foldable(anyNamed(call))) all.push({ series: nameOf(series), files });
  if (call.on('json')) call.screen.json(all);
  else {
    for (const { series, files } of all.filter(f => f.files > 0)) call.screen.say(`${series}: ${many(files, 'file')} would be folded`);
    call.screen.say(all.some(f => f.files > 0) ? 'Nothing was done.' : 'There is nothing to fold.');
  }
  return 'done';
}

const done = (call: Call): Promise<Exit> =>
  withJobDisplay(call, async (tapekeep, follow) => {
    const { compacted } = await tapekeep.upkeep('compact', anyNamed(call), follow);
    return () => {
      if (call.on('json')) call.screen.json(compacted);
      else if (compacted.length === 0) call.screen.say('There is nothing to fold.');
      else for (const facts of compacted) call.screen.say(lineOf(facts));
      return compacted.some(f => f.error !== null) ? 'failed' : 'done';
    };
  });

function lineOf({ series, files, version, error }: CompactFacts): string {
  if (error !== null) return `${series}: not folded: ${plain(error)}`;
  return version === null ? `${series}: there is nothing to fold` : `${series}: ${many(files, 'file')} folded, to version ${version}`;
}

import { nameOf } from '../../model/series.js';
import type { VacuumFacts, WholeFacts } from '../../model/upkeep.js';
import type { Vacuumed } from '../../store/index.js';
import { ANY_SERIES_ARGS, anyNamed, type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import { withJobDisplay } from '../jobs/display.js';
import type { Tapekeep } from '../library.js';
import { plain } from '../screen/text.js';
import { bytes, many } from '../screen/words.js';

export const vacuum: Command = {
  name: 'vacuum',
  about: 'lets old versions go, and files that no version names',
  more: 'Versions stay for keep.days and keep.versions, whichever is longer; a file that no version names any more for keep.graceHours after that. The daemon does it by itself. A damaged table is left as it is.',
  args: ANY_SERIES_ARGS,
  options: [['--dry-run', 'lists what would go, and removes nothing'], DATASET_OPTION, JSON_OPTION],
  example: 'tapekeep vacuum --dry-run\ntapekeep vacuum BTCUSDT 1m',
  exits: ['missing', 'damaged', 'cancelled'],
  run: call => (call.on('dryRun') ? withTapekeep(call, tapekeep => shown(call, tapekeep)) : done(call)),
};

async function shown(call: Call, tapekeep: Tapekeep): Promise<Exit> {
  const all: Vacuumed[] = [];
  for await (const vacuumed of tapekeep.vacuumable(anyNamed(call))) all.push(vacuumed);
  if (call.on('json')) call.screen.json(all.map(v => ({ ...v, series: nameOf(v.series) })));
  else {
    for (const v of all) {
      const facts = { ...v, series: nameOf(v.series), files: v.removed.length, waiting: v.waiting.length, error: null };
      if (facts.files + facts.waiting > 0) call.screen.say(lineOf(facts, 'would go'));
      for (const path of v.removed) call.screen.say(`  ${path}`);
    }
    call.screen.say('Nothing was removed.');
  }
  return 'done';
}

const done = (call: Call): Promise<Exit> =>
  withJobDisplay(call, async (tapekeep, follow) => {
    const { vacuumed, whole } = await tapekeep.upkeep('vacuum', anyNamed(call), follow);
    return () => {
      if (call.on('json')) call.screen.json({ vacuumed, whole });
      else {
        for (const facts of vacuumed) call.screen.say(lineOf(facts, 'went'));
        if (vacuumed.length === 0) call.screen.say('Nothing had to go.');
        for (const line of wholeLines(whole)) call.screen.say(line);
      }
      return vacuumed.some(f => f.error !== null) ? 'damaged' : 'done';
    };
  });

function lineOf({ series, files, bytes: size, versions, first, waiting, error }: VacuumFacts, went: string): string {
  if (error !== null) return `${series}: left as it is: ${plain(error)}`;
  if (files + waiting === 0) return `${series}: nothing has to go`;
  const parts = [
    `${many(files, 'file')} ${went} (${bytes(size)})`,
    versions > 0 ? `${many(versions, 'version')} with them; the oldest is now ${first}` : '',
    waiting > 0 ? `${many(waiting, 'file')} when the grace time is over` : '',
  ];
  return `${series}: ${parts.filter(Boolean).join('; ')}`;
}

function wholeLines(whole: WholeFacts | null): string[] {
  if (!whole) return [];
  const { swept, raw, versions, bytesBefore, bytesAfter } = whole;
  return [
    ...(swept.files > 0 ? [`${many(swept.files, 'file')} beside the tables went (${bytes(swept.bytes)})`] : []),
    ...(raw + versions > 0
      ? [
          `To stay below CACHE_MAX_SIZE_GB the raw files of ${many(raw, 'load')} and ${many(versions, 'old version')} were given up: ${bytes(bytesBefore)} before, ${bytes(bytesAfter)} after`,
        ]
      : []),
  ];
}

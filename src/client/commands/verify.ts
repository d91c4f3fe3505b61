import { fail } from '../../model/errors.js';
import type { Verified } from '../../store/index.js';
import { ANY_SERIES_ARGS, anyNamed, type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import type { Repaired } from '../jobs/repair.js';
import { isDamaged, jsonOfRepaired, jsonOfVerified, repairedLines, verdictLine, verifiedLines } from '../jobs/verify-words.js';
import type { Tapekeep } from '../library.js';
import { createDisplay } from '../loads/display.js';

export const verify: Command = {
  name: 'verify',
  about: 'reads all that is stored again, and tells what is not as it was written',
  more: 'Log entries, checkpoints, sizes and SHA-256 of every file; --deep decodes every bar by two readers of Parquet, too. Nothing is changed without --repair.',
  args: ANY_SERIES_ARGS,
  options: [
    ['--deep', 'order, doubles, statistics, coverage, and what two readers see'],
    ['--sample <count>', 'only so many files of each series, chosen by chance'],
    ['--repair', 'mends what can be mended without inventing: from raw files, then from the source'],
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example: 'tapekeep verify\ntapekeep verify BTCUSDT 1m --deep\ntapekeep verify --repair',
  exits: ['missing', 'damaged', 'cancelled'],
  run: call => withTapekeep(call, tapekeep => (call.on('repair') ? mended(call, tapekeep) : seen(call, tapekeep))),
};

async function seen(call: Call, tapekeep: Tapekeep): Promise<Exit> {
  const { screen } = call;
  const started = performance.now();
  const all: Verified[] = [];
  const options = { deep: call.on('deep'), ...sampleOf(call.text('sample')) };
  for await (const verified of tapekeep.verify(anyNamed(call), options)) {
    all.push(verified);
    if (!call.on('json')) for (const line of verifiedLines(verified, screen.paint)) screen.say(line);
  }
  if (call.on('json')) screen.json(all.map(jsonOfVerified));
  else if (all.length === 0) screen.say('There is no series to verify yet. tapekeep load <symbol> <timeframe> makes one.');
  else screen.say(screen.paint.dim(verdictLine(all, performance.now() - started)));
  return all.some(isDamaged) ? 'damaged' : 'done';
}

/** Each series that has a flaw, one after the other; what is left of it decides how the command ends. */
async function mended(call: Call, tapekeep: Tapekeep): Promise<Exit> {
  if (call.text('sample') !== undefined)
    throw fail('USAGE', { reason: '--repair looks at everything: it takes no --sample. Nothing was done' });
  const { screen } = call;
  const display = createDisplay(screen, call.globals.verbose);
  const done: Repaired[] = [];
  try {
    for await (const before of tapekeep.verify(anyNamed(call), { deep: true })) {
      if (before.flaws.length === 0) continue;
      const repaired = await tapekeep.repair(before, { onProgress: (progress, series) => display.progress(progress, series) });
      done.push(repaired);
      screen.live.clear();
      if (!call.on('json')) for (const line of repairedLines(repaired, screen.paint)) screen.say(line);
      if (repaired.trouble) display.complain(repaired.trouble);
    }
  } finally {
    display.end();
  }
  if (call.on('json')) screen.json(done.map(jsonOfRepaired));
  else if (done.length === 0) screen.say('Nothing has to be mended.');
  return done.some(({ after }) => isDamaged(after)) ? 'damaged' : 'done';
}

function sampleOf(text: string | undefined): { readonly sample?: number } {
  if (text === undefined) return {};
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw fail('USAGE', { reason: `--sample is a number of files, not ${JSON.stringify(text)}. Nothing was done` });
  return { sample: Number(text) };
}

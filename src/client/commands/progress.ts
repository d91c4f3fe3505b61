import { nameOf } from '../../model/series.js';
import { type Call, type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { EXITS } from '../exits.js';
import type { Tapekeep } from '../library.js';
import { createDisplay } from '../loads/display.js';
import { jsonOfMany, linesOfMany, type SeenMany } from '../loads/many-words.js';
import { loadNameOf } from '../loads/name.js';
import { jsonOfLoad } from '../loads/row.js';
import { bar, percents } from '../screen/bar.js';
import { plain } from '../screen/text.js';
import { count, left, when } from '../screen/words.js';
import { LOAD_ARGS } from '../turn.js';

const LOOK_EVERY_MS = 500;

type Seen = Awaited<ReturnType<Tapekeep['progress']>>;

export const progress: Command = {
  name: 'progress',
  about: 'how far a load is, and what hinders it',
  args: LOAD_ARGS,
  options: [['--watch', 'until it is over; Ctrl+C leaves, and the load goes on'], JSON_OPTION],
  example: 'tapekeep progress BTCUSDT 1m\ntapekeep progress 01JD3W5X8Q2R9T6Y4B7N0M1K5H --watch',
  exits: ['missing'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const name = loadNameOf(call.args);
      const many = await tapekeep.many(name);
      if (many) {
        const last = call.on('watch') ? await watchedMany(call, tapekeep, many) : many;
        if (call.on('json')) call.screen.json({ ...jsonOfMany(last.entry), status: last.status ?? null });
        else for (const line of linesOfMany(last, Date.now())) call.screen.say(line);
        return 'done';
      }
      const seen = call.on('watch') ? await watched(call, tapekeep, name) : await tapekeep.progress(name);
      if (call.on('json')) call.screen.json({ ...jsonOfLoad(seen.row), progress: seen.progress ?? null, trouble: seen.trouble ?? null });
      else for (const line of linesOf(seen, Date.now())) call.screen.say(line);
      return 'done';
    }),
};

async function watchedMany({ screen, globals }: Call, tapekeep: Tapekeep, first: SeenMany): Promise<SeenMany> {
  const display = createDisplay(screen, globals.verbose);
  process.once('SIGINT', () => {
    display.end();
    process.exit(EXITS.done);
  });
  for (let seen = first; ; ) {
    if (seen.status) display.all(seen.status);
    if (seen.entry.endedAt !== null) {
      display.end();
      return seen;
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
    seen = (await tapekeep.many(seen.entry.id)) ?? seen;
  }
}

async function watched({ screen, globals }: Call, tapekeep: Tapekeep, name: string): Promise<Seen> {
  const display = createDisplay(screen, globals.verbose);
  process.once('SIGINT', () => {
    display.end();
    process.exit(EXITS.done);
  });
  for (;;) {
    const seen = await tapekeep.progress(name);
    if (seen.progress) display.progress(seen.progress, seen.row.series);
    if (seen.row.endedAt !== null) {
      display.end();
      return seen;
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function linesOf({ row, progress: p, trouble }: Seen, now: number): string[] {
  const head = `${nameOf(row.series)} from ${row.provider}: ${p?.state === 'paused' ? 'paused' : row.outcome}, load ${row.load}`;
  if (!p) return [head, '  no worker answers: tapekeep doctor tells why'];
  const bars = p.barsAll > 0 ? `, ${count(p.barsDone)} of ${count(p.barsAll)} bars` : '';
  const items = p.itemsAll > 1 ? ` (${count(p.itemsDone)} of ${count(p.itemsAll)})` : '';
  const end = p.estimatedEnd === null ? '' : `, about ${left(p.estimatedEnd - now)} left`;
  return [
    head,
    `  ${bar(p.percent, 24)} ${percents(p.percent)}${bars}${end}`,
    `  step ${p.stepNumber} of ${p.steps}: ${plain(p.words)}${items}`,
    `  started ${when(p.startedAt)}${p.endedAt === null ? '' : `, ended ${when(p.endedAt)}`}`,
    ...(p.why ? [`  why: ${plain(p.why)}`] : []),
    ...(trouble ? [`  a step is tried again: ${plain(trouble)}`] : []),
  ];
}

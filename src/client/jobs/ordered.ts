/** A change from a command line: what it would do is shown first, and it is done when somebody says so. */
import { createInterface } from 'node:readline/promises';
import type { ChangeReport, ChangeWish } from '../../model/change.js';
import { fail } from '../../model/errors.js';
import { nameOf } from '../../model/series.js';
import type { Preview } from '../../store/index.js';
import type { Call, Described } from '../command.js';
import type { Exit } from '../exits.js';
import { interruptible, leftWords } from '../interrupt.js';
import type { Tapekeep } from '../library.js';
import type { Display } from '../loads/display.js';
import { withDisplay } from '../loads/on-screen.js';
import { jsonOfPreview, previewLines } from './preview-words.js';

export const CHANGE_OPTIONS: readonly Described[] = [
  ['--yes', 'does it without asking'],
  ['--dry-run', 'tells what it would do, and does nothing'],
];

export interface Asked {
  readonly named: { readonly symbol: string; readonly timeframe: string; readonly dataset: string | undefined };
  readonly wish: ChangeWish;
  /** Nothing that a person could regret: it is done without being asked for twice. */
  readonly harmless?: boolean;
}

/** `told` says in words what was done. */
export async function orderedChange(
  call: Call,
  ask: (tapekeep: Tapekeep) => Promise<Asked>,
  told: (report: ChangeReport) => string,
): Promise<Exit> {
  return withDisplay(call, async (tapekeep, display) => {
    const { named, wish, harmless = false } = await ask(tapekeep);
    const preview = harmless && !call.on('dryRun') ? undefined : await tapekeep.preview(named, wish);
    if (preview && !call.on('json')) for (const line of previewLines(preview)) call.screen.say(line);
    if (call.on('dryRun')) {
      if (call.on('json') && preview) call.screen.json(jsonOfPreview(preview));
      return 'done';
    }
    if (preview && !call.on('yes') && !(await agreed(call, preview))) return 'done';
    const report = await followed(call, tapekeep, { named, wish }, display);
    display.end();
    if (call.on('json')) call.screen.json({ ...(preview && { preview: jsonOfPreview(preview) }), report });
    else call.screen.say(told(report));
    return 'done';
  });
}

async function followed({ screen }: Call, tapekeep: Tapekeep, { named, wish }: Asked, display: Display): Promise<ChangeReport> {
  const { release, ...cancellable } = interruptible(
    () => display.note('cancelling: what is not committed yet is let go'),
    heard => {
      display.end();
      screen.tell(leftWords(heard));
    },
  );
  try {
    return await tapekeep.change(named, wish, {
      onProgress: (progress, series) => display.progress(progress, series),
      ...cancellable,
    });
  } finally {
    release();
  }
}

/** Only somebody who sees the question can answer it. */
async function agreed({ screen, on }: Call, { series }: Preview): Promise<boolean> {
  if (!screen.watched || process.stdin.isTTY !== true || on('json'))
    throw fail('USAGE', { reason: `${nameOf(series)} is changed only when --yes is given. Nothing was done` });
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question('Do it? [y/N] ');
    if (/^y(es)?$/i.test(answer.trim())) return true;
    screen.say('Nothing was done.');
    return false;
  } catch (error) {
    // Ctrl+C at the question.
    if ((error as Error).name !== 'AbortError') throw error;
    throw fail('LOAD_CANCELLED', { what: 'change', series: nameOf(series), kept: 'nothing was done' }, error);
  } finally {
    asking.close();
  }
}

/** One load on one line: a bar, a percentage, what it is doing, how long it still takes. */
import type { ManyGlance } from '../../model/load-many.js';
import type { Progress } from '../../model/progress.js';
import { fit, plain, widthOf } from './text.js';
import { count, left, manyWords } from './words.js';

const FULL = '█';
const EMPTY = '░';
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

export function bar(percent: number, width: number): string {
  const share = Math.min(1, Math.max(0, Number.isFinite(percent) ? percent / 100 : 0));
  const eighths = Math.floor(share * width * 8);
  const body = FULL.repeat(eighths >> 3) + PARTS[eighths & 7];
  return body + EMPTY.repeat(Math.max(0, width - body.length));
}

/** Whole percents, rounded down: 100 % is said when it is done. */
export const percents = (percent: number): string => `${Math.floor(percent)} %`;

const bars = ({ barsDone, barsAll }: Progress): string => (barsAll > 0 ? `${count(barsDone)} of ${count(barsAll)} bars` : '');

function ending({ state, why, estimatedEnd, percent }: Progress, now: number): string {
  if (state === 'paused') return `paused${why ? `: ${plain(why)}` : ''}`;
  if (state === 'cancelled') return 'cancelled';
  if (state === 'failed') return 'failed';
  if (state === 'done' || percent >= 100) return 'done';
  return estimatedEnd === null ? '' : `${left(estimatedEnd - now)} left`;
}

export interface Seen {
  readonly name: string;
  readonly progress: Progress | undefined;
  /** Takes the place of the step's words: a step that is tried again, a cancel under way. */
  readonly note?: string | undefined;
}

/** The line, no wider than the terminal: words give way first, then the bars, then the bar itself. */
export function loadLine({ name, progress, note }: Seen, nameWidth: number, columns: number, now: number): string {
  const head = name.padEnd(nameWidth);
  if (!progress) return fit(`${head}  ${note ?? 'waiting'}`, columns);
  const room = columns - widthOf(head);
  const width = room >= 90 ? 24 : room >= 60 ? 16 : 10;
  const fixed = `${head}  ${bar(progress.percent, width)} ${percents(progress.percent).padStart(5)}`;
  // The name stands at the beginning of the line already.
  const words = note ?? plain(progress.words).replace(` of ${name}`, '').replace(` in ${name}`, '');
  const parts = [bars(progress), ending(progress, now), words].filter(part => part !== '');
  return fit([fixed, ...parts].join('  '), columns);
}

/** From here on the time that a share took tells what the rest will. */
const TELLING = 0.02;

/** Several loads as a whole: no name, and counts in place of bars. `inside` is what those under way have done, in percents of a load. */
export function manyLine(glance: ManyGlance, inside: number, columns: number, now: number): string {
  const { counts, progress } = glance;
  const { waiting, running, ...over } = counts;
  const ended = Object.values(over).reduce((sum, n) => sum + n, 0);
  const share = (ended + inside / 100) / Math.max(1, ended + running + waiting);
  const whole = {
    ...progress,
    percent: 100 * share,
    estimatedEnd: share < TELLING ? null : now + ((now - progress.startedAt) * (1 - share)) / share,
  };
  const width = columns >= 100 ? 24 : columns >= 70 ? 16 : 10;
  const fixed = `${bar(whole.percent, width)} ${percents(whole.percent).padStart(5)}`;
  return fit([fixed, manyWords(glance), ending(whole, now)].filter(part => part !== '').join('  '), columns);
}

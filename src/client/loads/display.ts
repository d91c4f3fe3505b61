/** Running loads on the screen: one line each that is drawn again; where nobody watches, nothing, or steps line by line. */
import type { ManyGlance } from '../../model/load-many.js';
import type { Progress } from '../../model/progress.js';
import { nameOf, type Series } from '../../model/series.js';
import { complaint, known } from '../complaint.js';
import { loadLine, manyLine } from '../screen/bar.js';
import type { Screen } from '../screen/screen.js';
import { plain } from '../screen/text.js';
import { count, manyWords } from '../screen/words.js';

export interface Display {
  /** What a daemon says while it starts. */
  starting(line: string): void;
  progress(progress: Progress, series: Series): void;
  /** A step that is tried again, and why; undefined: it goes on. */
  trouble(reason: string | undefined, series: Series): void;
  /** How far several are as a whole: its line stands above those of the ones under way. */
  all(glance: ManyGlance): void;
  /** Something about all of them. */
  note(text: string): void;
  complain(error: Error): void;
  end(): void;
}

const DRAW_EVERY_MS = 100;
const GOES_ON = 'The load goes on by itself then. Ctrl+C cancels it and keeps what was fetched; pressed twice, it does not wait for that';
/** Of several under way: the screen keeps room for what else is on it. */
const MOST_LINES = 8;

interface Line {
  progress?: Progress;
  trouble?: string | undefined;
  /** The step that was told last, line by line. */
  told?: string;
}

export function createDisplay(screen: Screen, verbose: boolean): Display {
  const lines = new Map<string, Line>();
  let whole: ManyGlance | undefined;
  let foot: string | undefined;
  let drawn = 0;
  let over = false;
  const draw = (): void => {
    if (over) return;
    drawn = Date.now();
    const width = Math.max(0, ...[...lines.keys()].map(name => name.length));
    const shown = [...lines].map(([name, { progress, trouble }]) => {
      const note = trouble && `tried again: ${plain(trouble)}`;
      return loadLine({ name, progress, note }, width, screen.columns - 1, drawn);
    });
    const inside = [...lines.values()].reduce((sum, { progress }) => sum + (progress?.percent ?? 0), 0);
    const head = whole ? [manyLine(whole, inside, screen.columns - 1, drawn)] : [];
    const more = shown.length > MOST_LINES ? [screen.paintTold.dim(`and ${shown.length - MOST_LINES} more under way`)] : [];
    const tail = foot === undefined ? more : [...more, screen.paintTold.dim(foot)];
    screen.live.show([...head, ...shown.slice(0, MOST_LINES), ...tail]);
  };
  const lineOf = (series: Series): Line => {
    const line = lines.get(nameOf(series)) ?? {};
    lines.set(nameOf(series), line);
    return line;
  };
  const hindrances = new Set<string>();
  /** Of many series one tells what hinders all of them, and a time to wait is another one with each attempt. */
  const tellHindrance = (name: string, reason: string): void => {
    const kind = reason.replaceAll(name, '').replace(/\d+/g, '');
    if (hindrances.has(kind)) return;
    hindrances.add(kind);
    screen.live.clear();
    screen.tell(`${name}: ${plain(reason)}. ${GOES_ON}`);
  };
  let told = '';
  const tellWhole = (glance: ManyGlance): void => {
    const words = manyWords(glance);
    if (words !== told) screen.tell(words);
    told = words;
  };
  return {
    starting(line) {
      foot = plain(line.split('\n')[0] ?? '');
      if (screen.watched) draw();
      if (verbose && !screen.watched) screen.tell(line);
    },
    progress(progress, series) {
      // Of several, only those under way have a line.
      if (whole && !whole.running.some(running => nameOf(running.series) === nameOf(series))) return;
      const line = lineOf(series);
      line.progress = progress;
      const { state, why, words } = progress;
      if (state === 'running' && why !== null) tellHindrance(nameOf(series), `${words}: ${why}`);
      if (lines.size > 0 && foot !== undefined && !foot.startsWith('cancelling')) foot = undefined;
      if (verbose && !screen.watched && line.told !== progress.words) {
        line.told = progress.words;
        screen.tell(stepLine(series, progress));
      }
      if (Date.now() - drawn >= DRAW_EVERY_MS) draw();
    },
    all(glance) {
      whole = glance;
      const names = new Set(glance.running.map(({ series }) => nameOf(series)));
      for (const name of lines.keys()) if (!names.has(name)) lines.delete(name);
      for (const { series } of glance.running) lineOf(series);
      if (foot !== undefined && !foot.startsWith('cancelling')) foot = undefined;
      if (verbose && !screen.watched) tellWhole(glance);
      if (Date.now() - drawn >= DRAW_EVERY_MS) draw();
    },
    trouble(reason, series) {
      const line = lineOf(series);
      line.trouble = reason;
      if (reason !== undefined) tellHindrance(nameOf(series), `a step is tried again until it works: ${reason}`);
      draw();
    },
    note(text) {
      foot = text;
      if (screen.watched) draw();
      else screen.tell(text);
    },
    complain(error) {
      for (const line of complaint(known(error), screen.paintTold, verbose)) screen.tell(line);
    },
    end() {
      over = true;
      screen.live.clear();
    },
  };
}

const stepLine = (series: Series, { words, stepNumber, steps, percent, barsDone }: Progress): string =>
  `${nameOf(series)}: step ${stepNumber} of ${steps}, ${Math.floor(percent)} %, ${count(barsDone)} bars: ${plain(words)}`;

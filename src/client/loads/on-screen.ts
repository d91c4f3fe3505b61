/** Loads on the screen from their order to their end: drawn while they run, cancelled by Ctrl+C, then told one by one and as a whole. */
import type { TapekeepError } from '../../model/errors.js';
import { nameOf } from '../../model/series.js';
import { type Call, withTapekeep } from '../command.js';
import { complaint, known } from '../complaint.js';
import { type Exit, worstOf } from '../exits.js';
import { interruptible } from '../interrupt.js';
import { NOT_BEGUN } from '../jobs/job.js';
import type { Tapekeep } from '../library.js';
import type { Follow, Outcome } from '../requests.js';
import { plain } from '../screen/text.js';
import { count, duration } from '../screen/words.js';
import { createDisplay, type Display } from './display.js';
import { type End, endOf, jsonOfEnd, reportLines } from './report-words.js';

const LEFT_THEIRS = 'Left at once. The daemon cancels the load and commits what was fetched; tapekeep loads shows it.';
const LEFT_OURS =
  'Left at once. The daemon that was started for the load is ending; the next one cancels the load and commits what was fetched. Nothing is lost.';
const LEFT_UNHEARD =
  'Left before the daemon had heard of the cancel: a load that had begun goes on while a daemon runs. tapekeep loads shows it, tapekeep cancel ends it.';

export async function withDisplay(call: Call, work: (tapekeep: Tapekeep, display: Display) => Promise<Exit>): Promise<Exit> {
  const display = createDisplay(call.screen, call.globals.verbose);
  try {
    return await withTapekeep(
      call,
      tapekeep => work(tapekeep, display),
      line => display.starting(line),
    );
  } finally {
    display.end();
  }
}

/** The exit is that of the gravest end. */
export async function followLoads(
  call: Call,
  tapekeep: Tapekeep,
  display: Display,
  load: (follow: Follow) => Promise<readonly Outcome[]>,
): Promise<Exit> {
  const begun = Date.now();
  const { release, ...cancellable } = interruptible(
    () => display.note('cancelling: what was fetched is being committed. Ctrl+C again leaves at once'),
    heard => {
      display.end();
      const left = tapekeep.ownsDaemon ? LEFT_OURS : LEFT_THEIRS;
      call.screen.tell(heard ? left : LEFT_UNHEARD);
    },
  );
  try {
    const outcomes = await load({
      onProgress: (progress, series) => display.progress(progress, series),
      onTrouble: (reason, series) => display.trouble(reason, series),
      onAll: glance => display.all(glance),
      ...cancellable,
    });
    display.end();
    const ends: End[] = [];
    for (const outcome of outcomes) ends.push(await endOf(outcome, tapekeep));
    if (call.on('json')) call.screen.json(ends.map(jsonOfEnd));
    else for (const line of ends.flatMap(end => reportLines(end, call.screen.paint))) call.screen.say(line);
    for (const line of complaints(ends, call)) call.screen.tell(line);
    if (ends.length > 1 && !call.on('json')) call.screen.say(summary(ends, Date.now() - begun));
    return worstOf(ends.map(end => end.exit));
  } finally {
    release();
  }
}

const isCancelled = ({ error }: End): boolean => error !== undefined && known(error).code === 'LOAD_CANCELLED';
/** The others were cancelled on their way, or are somebody else's, too, and go on. */
const hadNotBegun = (end: End): boolean => isCancelled(end) && known(end.error).facts.kept === NOT_BEGUN;

/** Of one load its error and what to do next; of several each error with its series, and what to do once for all of a kind. */
function complaints(ends: readonly End[], { screen, globals }: Call): string[] {
  if (ends.length === 1) return ends.flatMap(({ error }) => (error ? complaint(known(error), screen.paintTold, globals.verbose) : []));
  const kinds = new Map<string, { error: TapekeepError; name: string }[]>();
  for (const end of ends) {
    if (!end.error || hadNotBegun(end)) continue;
    const error = known(end.error);
    kinds.set(error.code, [...(kinds.get(error.code) ?? []), { error, name: nameOf(end.series) }]);
  }
  return [...kinds.values()].flatMap(kind => {
    const told = kind.map(({ error, name }) => `${screen.paintTold.bad('error:')} ${name}: ${plain(error.message)} (${error.code})`);
    return [...told, `${screen.paintTold.dim('next: ')} ${plain(kind[0]?.error.help ?? '')}`];
  });
}

const WORDS = { done: 'done', nothing: 'complete already', partial: 'done in part', cancelled: 'cancelled' } as const;

/** "200 series: 190 done, 8 complete already, 2 failed, in 3 min 5 s. …" */
export function summary(ends: readonly End[], tookMs: number): string {
  const counts = new Map<string, number>();
  for (const end of ends) {
    const word = end.report ? WORDS[end.report.outcome] : hadNotBegun(end) ? 'not begun' : isCancelled(end) ? 'cancelled' : 'failed';
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const order = ['done', 'complete already', 'done in part', 'failed', 'cancelled', 'not begun'];
  const told = order.flatMap(word => (counts.has(word) ? [`${counts.get(word)} ${word}`] : []));
  const again = counts.has('failed') || counts.has('done in part') ? '. tapekeep retry-failed loads what is left again' : '';
  return `${count(ends.length)} series: ${told.join(', ')}, in ${duration(tookMs)}${again}`;
}

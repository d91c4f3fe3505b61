/** A job on the screen: one line that is drawn again while it runs, then what it came to. */

import { isTapekeepError } from '../../model/errors.js';
import type { Progress } from '../../model/progress.js';
import { type Call, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import { interruptible, leftWords } from '../interrupt.js';
import type { Tapekeep } from '../library.js';
import { plain } from '../screen/text.js';
import { type FollowJob, NOT_BEGUN } from './job.js';

const DRAW_EVERY_MS = 100;
const CANCELLING = 'cancelling: what was finished stays. Ctrl+C again leaves at once';

type Work = (tapekeep: Tapekeep, follow: FollowJob) => Promise<() => Exit>;

export interface JobWords {
  /** How far it is. */
  readonly wordsOf?: (progress: Progress) => string;
  /** How it ended, for somebody who cancelled it. */
  readonly cancelled?: string;
}

/** Ctrl+C cancels the job and waits for its end; a second one leaves at once. `work` resolves to what tells its result. */
export async function withJobDisplay(
  call: Call,
  work: Work,
  { wordsOf = p => p.words, cancelled = 'Cancelled. What was finished stays.' }: JobWords = {},
): Promise<Exit> {
  const { screen } = call;
  let line = 'Asking the daemon';
  let drawn = 0;
  let told = '';
  let over = false;
  // A daemon that was started for the job speaks while it ends.
  const draw = (): void => {
    drawn = Date.now();
    if (screen.watched && !over) screen.live.show(signal.aborted ? [line, CANCELLING] : [line]);
  };
  const onProgress = (progress: Progress): void => {
    line = `${Math.floor(progress.percent)} %  ${plain(wordsOf(progress))}`;
    if (Date.now() - drawn >= DRAW_EVERY_MS) draw();
    if (screen.watched || !call.globals.verbose || progress.words === told) return;
    told = progress.words;
    screen.tell(plain(progress.words));
  };
  const end = (): void => {
    over = true;
    screen.live.clear();
    // There is nothing left to cancel: who presses Ctrl+C from here on does not want to wait for that daemon.
    release();
  };
  const starting = (words: string): void => {
    line = plain(words.split('\n')[0] ?? '');
    draw();
    if (call.globals.verbose && !screen.watched) screen.tell(words);
  };
  const { signal, onCancelling, release } = interruptible(
    () => {
      if (screen.watched) screen.live.show([line, CANCELLING]);
      else screen.tell(CANCELLING);
    },
    heard => {
      screen.live.clear();
      screen.tell(leftWords(heard));
    },
  );
  draw();
  try {
    return await withTapekeep(
      call,
      async tapekeep => {
        const tell = await work(tapekeep, { onProgress, signal, onCancelling });
        end();
        return tell();
      },
      starting,
    );
  } catch (error) {
    end();
    if (!isTapekeepError(error, 'LOAD_CANCELLED')) throw error;
    screen.tell(error.facts.kept === NOT_BEGUN ? 'Cancelled before it had begun. Nothing was done.' : cancelled);
    return 'cancelled';
  } finally {
    release();
  }
}

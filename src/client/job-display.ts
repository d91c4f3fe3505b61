/** A job on the screen: one line that is drawn again while it runs, then what it came to. */

import { isTapekeepError } from '../model/errors.js';
import type { Progress } from '../model/progress.js';
import { type Call, withTapekeep } from './command.js';
import type { Exit } from './exits.js';
import { onInterrupt } from './interrupt.js';
import type { FollowJob } from './job.js';
import type { Tapekeep } from './library.js';
import { plain } from './screen/text.js';

const DRAW_EVERY_MS = 100;

type Work = (tapekeep: Tapekeep, follow: FollowJob) => Promise<() => Exit>;

/** Ctrl+C cancels the job and waits for its end; a second one leaves at once. `work` resolves to what tells its result. */
export async function withJobDisplay(call: Call, work: Work, wordsOf = ({ words }: Progress): string => words): Promise<Exit> {
  const { screen } = call;
  const interrupted = new AbortController();
  let drawn = 0;
  let told = '';
  const onProgress = (progress: Progress): void => {
    if (screen.watched && Date.now() - drawn >= DRAW_EVERY_MS) {
      drawn = Date.now();
      screen.live.show([`${Math.floor(progress.percent)} %  ${plain(wordsOf(progress))}`]);
    } else if (call.globals.verbose && progress.words !== told) {
      told = progress.words;
      screen.tell(plain(progress.words));
    }
  };
  const release = onInterrupt(
    () => {
      screen.tell('cancelling: what was finished stays. Ctrl+C again leaves at once');
      interrupted.abort('Ctrl+C');
    },
    () => {},
  );
  try {
    return await withTapekeep(call, async tapekeep => {
      const tell = await work(tapekeep, { onProgress, signal: interrupted.signal });
      screen.live.clear();
      return tell();
    });
  } catch (error) {
    screen.live.clear();
    if (!isTapekeepError(error, 'LOAD_CANCELLED')) throw error;
    screen.tell('Cancelled. What was finished stays.');
    return 'cancelled';
  } finally {
    release();
  }
}

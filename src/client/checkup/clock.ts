/** Whether the clocks agree: ours, the one of the disk, the one of the server. A wrong one makes bars final too soon or too late. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PRESENCE_FILE, type Presence } from '../../model/presence.js';
import { duration } from '../screen/words.js';
import { type Finding, well, wrong } from './finding.js';

/** What machines that set their clocks by the network never differ by. */
const APART_MS = 5_000;
/** A worker that waits for work asks again within this time. */
const ASKS_WITHIN_MS = 75_000;

export interface Clocks {
  readonly now: number;
  /** When the daemon began, by its own clock, and by that of the disk. */
  readonly startedAt: number;
  readonly writtenAt: number | null;
  /** When a worker last asked, by the server's clock. */
  readonly lastAsked: number | null;
}

const ADVICE = 'set the clock by the network (timedatectl set-ntp true); stored bars are not touched by it';

export function clockFinding({ now, startedAt, writtenAt, lastAsked }: Clocks): Finding {
  const words = (ms: number): string => duration(Math.abs(ms));
  if (startedAt - now > APART_MS)
    return wrong('clock', `it was set back by at least ${words(startedAt - now)} since the daemon began`, ADVICE);
  if (writtenAt !== null && Math.abs(writtenAt - startedAt) > APART_MS)
    return wrong(
      'clock',
      `that of the data folder's disk is ${words(writtenAt - startedAt)} ${writtenAt > startedAt ? 'ahead' : 'behind'}`,
      ADVICE,
    );
  if (lastAsked !== null && lastAsked - now > APART_MS)
    return wrong('clock', `that of the Temporal server is ${words(lastAsked - now)} ahead`, ADVICE);
  if (lastAsked !== null && now - lastAsked > ASKS_WITHIN_MS)
    return wrong('clock', `that of the Temporal server is ${words(now - lastAsked)} behind, or its worker no longer asks for work`, ADVICE);
  return well('clock', `${new Date(now).toISOString().slice(0, 19)}Z, as the disk and the server have it`);
}

export const clocksOf = async (data: string, { startedAt }: Presence, lastAsked: number | null): Promise<Clocks> => ({
  now: Date.now(),
  startedAt: Date.parse(startedAt),
  writtenAt: await stat(join(data, PRESENCE_FILE)).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  ),
  lastAsked,
});

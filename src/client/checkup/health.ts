/** What the daemon says of itself: whether it answers at all, and which sources are left alone. No source is asked. */
import type { Presence } from '../../model/presence.js';
import type { ResolvedSettings } from '../../settings.js';
import { duration } from '../screen/words.js';
import { type Finding, note, well, wrong } from './finding.js';

/** A machine with much to do is no daemon that hangs. */
const ANSWER_MS = 10_000;

interface Told {
  readonly ready?: boolean;
  readonly resting?: Readonly<Record<string, number>>;
  readonly longestStallMs?: number;
}

export async function healthFindings(
  { metrics }: ResolvedSettings,
  { metricsUrl, logFile }: Presence,
  answerMs = ANSWER_MS,
): Promise<Finding[]> {
  if (!metricsUrl) {
    if (metrics.port === null) return [];
    return [note('figures', `not served: port ${metrics.port} could not be had`, `name another in metrics.port; ${logFile} tells more`)];
  }
  let told: Told;
  try {
    const answer = await fetch(`${metricsUrl}/health`, { signal: AbortSignal.timeout(answerMs) });
    told = (await answer.json()) as Told;
  } catch {
    const found = `gives no answer at ${metricsUrl}/health within ${answerMs / 1_000} s`;
    return [wrong('daemon', found, `something keeps it busy, or it hangs: look into ${logFile}, and start it again if it stays`)];
  }
  const { resting = {}, longestStallMs = 0 } = told;
  const stood = longestStallMs > 0 ? `; it once stood still for ${duration(longestStallMs)}` : '';
  return [well('figures', `at ${metricsUrl}/metrics${stood}`), ...sourceFindings(resting)];
}

function sourceFindings(resting: Readonly<Record<string, number>>): Finding[] {
  const all = Object.entries(resting);
  if (all.length === 0) return [well('sources', 'none is left alone')];
  return all.map(([name, ms]) =>
    note(
      `source ${name}`,
      `is left alone for ${duration(ms)}: it failed too often`,
      'nothing: it is asked again by itself; tapekeep providers check',
    ),
  );
}

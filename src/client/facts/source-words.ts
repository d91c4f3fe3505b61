/** How a source stands today, in words. */
import type { SourceFacts, SourceRest } from '../../model/consult.js';
import { count, left } from '../screen/words.js';

const REASONS: Readonly<Record<SourceRest['why'], string>> = {
  limit: 'it asked us to wait',
  ban: 'it shut us out',
  used: 'others use up its minute',
  day: 'the requests of the day are used up',
  failing: 'it fails',
};

/** "until 14:02Z: it shut us out" */
export function restWords({ rests }: Pick<SourceFacts, 'rests'>, now = Date.now()): string {
  if (rests === null) return '-';
  const time = new Date(now + rests.ms).toISOString();
  const at = rests.ms < 3_600_000 ? time.slice(11, 16) : time.slice(0, 16).replace('T', ' ');
  return `until ${at}Z (${left(rests.ms)}): ${REASONS[rests.why]}`;
}

export const leftWords = ({ leftToday }: Pick<SourceFacts, 'leftToday'>): string => (leftToday === null ? '-' : `${count(leftToday)} left`);

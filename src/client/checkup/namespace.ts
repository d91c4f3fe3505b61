/** Whether the namespace of the loads has what they are listed by. */
import type { NamespaceFacts } from '../engine/namespace-facts.js';
import { type Finding, note, well, wrong } from './finding.js';

/** Shorter, and ended loads vanish from the list before a quarter is over. */
const ENOUGH_DAYS = 90;

export function namespaceFinding({ namespace, days, missing }: NamespaceFacts): Finding {
  if (missing && missing.length > 0)
    return wrong(
      'namespace',
      `${namespace} lacks the search attributes ${missing.join(', ')}`,
      'the daemon adds them within a minute; start it again if it does not',
    );
  const kept = days === Math.floor(days) ? days : days.toFixed(1);
  if (days < ENOUGH_DAYS)
    return note(
      'namespace',
      `${namespace} keeps ended loads for ${kept} days only`,
      'nothing: what they committed stays; older loads are not listed',
    );
  return well('namespace', `${namespace}, ended loads are kept for ${kept} days`);
}

/** Sources that are not asked now, and why: the daemon knows. */
import type { SourceFacts } from '../../model/consult.js';
import { leftWords, restWords } from '../facts/source-words.js';
import { type Finding, note, well } from './finding.js';

const PATIENCE_MS = 15_000;

/** `told`: what is left alone because it fails is told of already. A daemon that gives no answer is told of elsewhere. */
export async function restFindings(ask: () => Promise<readonly SourceFacts[]>, told: boolean): Promise<Finding[]> {
  const patience = new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), PATIENCE_MS).unref());
  const all = await Promise.race([ask().catch(() => undefined), patience]);
  if (!all) return [];
  const resting = all.filter(({ rests }) => rests !== null && !(told && rests.why === 'failing'));
  if (resting.length === 0) return [well('limits of sources', 'none keeps us away')];
  return resting.map(source =>
    note(
      `source ${source.name}`,
      `rests ${restWords(source)}${source.leftToday === null ? '' : `; ${leftWords(source)} today`}`,
      'nothing: loads wait and go on by themselves; tapekeep providers shows all sources',
    ),
  );
}

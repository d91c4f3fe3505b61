/** What a run is about, in words, by its id alone. */
import { nameOf, parseId } from '../../model/series.js';

const PARTS = 4;

export function titleOfRun(workflowId: string): string {
  const [kind, ...rest] = workflowId.split('/');
  const series = parseId(rest.slice(0, PARTS).join('/'));
  return series ? `${kind} of ${nameOf(series)}` : workflowId;
}

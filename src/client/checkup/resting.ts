/** Loads that rest, wait or take long: worth knowing, and nothing to mend. */
import type { Progress } from '../../model/progress.js';
import { nameOf, type Series } from '../../model/series.js';
import type { Engine } from '../engine/engine.js';
import { duration } from '../screen/words.js';
import { type Finding, note } from './finding.js';

/** Nothing fails, and yet nothing is finished. */
const SLOW_MS = 600_000;
/** So many are asked at once; where their worker does not answer, the rest are left out. */
const AT_ONCE = 16;
const PATIENCE_MS = 20_000;

export async function restingOf(engine: Engine, running: readonly { readonly series: Series }[]): Promise<Finding[]> {
  const out: Finding[] = [];
  const deadline = Date.now() + PATIENCE_MS;
  for (let i = 0; i < running.length && Date.now() < deadline; i += AT_ONCE) {
    const asked = running.slice(i, i + AT_ONCE).map(async ({ series }) => {
      const progress = await engine.loads.progress(series).catch(() => undefined);
      return progress ? restOf(`load of ${nameOf(series)}`, progress, Date.now()) : [];
    });
    out.push(...(await Promise.all(asked)).flat());
  }
  return out;
}

export function restOf(
  what: string,
  { state, why, words, pass }: Pick<Progress, 'state' | 'why' | 'words' | 'pass'>,
  now: number,
): Finding[] {
  if (state === 'paused') return [note(what, `is paused${why ? `: ${why}` : ''}`, 'tapekeep resume lets it go on')];
  if (state !== 'running') return [];
  if (why) return [note(what, `waits: ${why}`, 'nothing: it goes on by itself')];
  return pass && now - pass.since > SLOW_MS ? [note(what, `${words}: nothing was finished for ${duration(now - pass.since)}`)] : [];
}

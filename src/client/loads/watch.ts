/** Looks at a running load again and again, for whoever wants to hear of it. */
import type { Series } from '../../model/series.js';
import type { Engine } from '../engine/engine.js';
import type { Follow } from '../requests.js';

const LOOK_EVERY_MS = 200;
/** A look at what hinders a load costs the server more, and news of it can wait. */
const LOOKS_PER_TROUBLE = 10;

/** Until the load is over, and once more then. A listener that throws is not asked again. */
export async function watch(
  engineNow: () => Engine,
  series: Series,
  { onProgress, onTrouble }: Follow,
  over: () => boolean,
): Promise<void> {
  let hindered = false;
  for (let look = 1, last = false; !last; look++) {
    last = over();
    const engine = engineNow();
    try {
      const progress = await engine.loads.progress(series).catch(() => undefined);
      if (progress) onProgress?.(progress, series);
      if (onTrouble && look % LOOKS_PER_TROUBLE === 0 && !last) {
        const trouble = await engine.loads.trouble(series).catch(() => undefined);
        if (trouble !== undefined || hindered) onTrouble(trouble, series);
        hindered = trouble !== undefined;
      }
    } catch {
      return;
    }
    if (!last) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

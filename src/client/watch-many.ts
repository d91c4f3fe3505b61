/** Looks at an order of many series again and again, and at those of its loads that run. */
import type { ManyGlance } from '../model/load-many.js';
import type { Engine } from './engine.js';
import type { Reach } from './reach.js';
import type { Follow } from './requests.js';

const LOOK_EVERY_MS = 300;
/** A look at what hinders a load costs the server more, and news of it can wait. */
const LOOKS_PER_TROUBLE = 10;
/** No screen shows more of them. */
const MOST_WATCHED = 20;

/** Until all is over, and once more then. A listener that throws is not asked again. */
export async function watchMany(reach: Reach, id: string, follow: Follow, over: () => boolean): Promise<void> {
  const { onAll, onProgress, onTrouble } = follow;
  if (!onAll && !onProgress && !onTrouble) return;
  const hindered = new Set<string>();
  for (let look = 1, last = false; !last; look++) {
    last = over();
    try {
      const engine = await reach.connect('find').catch(() => undefined);
      const glance = await engine?.many.glance(id).catch(() => undefined);
      if (engine && glance) {
        onAll?.(glance);
        await lookAt(engine, glance, follow, look % LOOKS_PER_TROUBLE === 0 && !last, hindered);
      }
    } catch {
      return;
    }
    if (!last) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function lookAt(engine: Engine, { running }: ManyGlance, { onProgress, onTrouble }: Follow, closely: boolean, hindered: Set<string>) {
  const watched = running.slice(0, MOST_WATCHED);
  const seen = onProgress ? await Promise.all(watched.map(({ series }) => engine.progress(series).catch(() => undefined))) : [];
  for (const [i, { series }] of watched.entries()) {
    const progress = seen[i];
    // Its own end is told by the order, and the next look leaves it out.
    if (progress && progress.endedAt === null) onProgress?.(progress, series);
  }
  if (!onTrouble || !closely) return;
  for (const { load, series } of watched) {
    const trouble = await engine.trouble(series).catch(() => undefined);
    if (trouble !== undefined || hindered.delete(load)) onTrouble(trouble, series);
    if (trouble !== undefined) hindered.add(load);
  }
}

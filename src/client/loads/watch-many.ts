/** Looks at an order of many series again and again, and at those of its loads that run. */
import type { ManyOrder } from '../../model/load-many.js';
import { idOf, type Series } from '../../model/series.js';
import type { Engine } from '../engine/engine.js';
import type { Reach } from '../engine/reach.js';
import type { Follow } from '../requests.js';

const LOOK_EVERY_MS = 300;
/** A look at what hinders a load costs the server more, and news of it can wait. */
const LOOKS_PER_TROUBLE = 10;
/** No screen shows more of them, and each look asks each of them. */
const MOST_WATCHED = 20;

/** Until all is over, and once more then. A listener that throws is not asked again. */
export async function watchMany(reach: Reach, { id, loads }: ManyOrder, follow: Follow, over: () => boolean): Promise<void> {
  const { onAll, onProgress, onTrouble } = follow;
  if (!onAll && !onProgress && !onTrouble) return;
  const looker = new Looker(
    follow,
    loads.map(({ series }) => series),
  );
  for (let look = 1, last = false; !last; look++) {
    last = over();
    try {
      const engine = await reach.connect('find').catch(() => undefined);
      const glance = await engine?.many.glance(id).catch(() => undefined);
      if (engine && glance) {
        onAll?.(glance);
        const running = glance.running.map(({ series }) => series).slice(0, MOST_WATCHED);
        await looker.progress(engine, running, last);
        if (look % LOOKS_PER_TROUBLE === 0 && !last) await looker.trouble(engine, running);
      }
    } catch {
      return;
    }
    if (!last) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

class Looker {
  /** Whose end is still to be told, by their ids. */
  private readonly ahead: Map<string, Series>;
  private watched: Series[] = [];
  private readonly hindered = new Set<string>();
  private readonly begun = Date.now();

  constructor(
    private readonly follow: Follow,
    all: readonly Series[],
  ) {
    this.ahead = new Map(all.map(series => [idOf(series), series]));
  }

  /** Of those that run, and the last of those that ran before; at the end, of those whose end was missed. */
  async progress(engine: Engine, running: readonly Series[], last: boolean): Promise<void> {
    const { onProgress } = this.follow;
    if (!onProgress) return;
    const missed = last ? [...this.ahead.values()].slice(0, MOST_WATCHED) : this.watched;
    const asked = new Map([...running, ...missed].map(series => [idOf(series), series]));
    this.watched = [...running];
    const seen = [...asked].map(async ([id, series]) => [id, series, await engine.loads.progress(series).catch(() => undefined)] as const);
    for (const [id, series, progress] of await Promise.all(seen)) {
      // What ended before is the load of an earlier order.
      if (!progress || !this.ahead.has(id) || (progress.endedAt ?? this.begun) < this.begun) continue;
      onProgress(progress, series);
      if (progress.endedAt !== null) this.ahead.delete(id);
    }
  }

  async trouble(engine: Engine, running: readonly Series[]): Promise<void> {
    const { onTrouble } = this.follow;
    if (!onTrouble) return;
    for (const series of running) {
      const trouble = await engine.loads.trouble(series).catch(() => undefined);
      if (trouble !== undefined || this.hindered.delete(idOf(series))) onTrouble(trouble, series);
      if (trouble !== undefined) this.hindered.add(idOf(series));
    }
  }
}

/** A daemon on a fresh folder for one measurement, and the memory that it and its frame children take. */
import { open, type Tapekeep } from '../../src/client/index.js';
import { type LibraryScene, libraryScene } from '../../tests/client/library-scene.js';
import { childrenOf, peakMb, programOf } from '../process-memory.js';

/** Long enough ago for five million minutes. */
export const LISTED = Date.UTC(2015, 0, 1);
export const SIMULATED = { listed: '2015-01-01', requestsPerSecond: 1_000_000, journal: null };

export interface Staged {
  readonly scene: LibraryScene;
  readonly pid: number;
  readonly tk: Tapekeep;
  memory(): { workerMb: number; framesMb: number };
}

const LOOK_EVERY_MS = 50;

/** Runs the work beside a daemon that is warm: its first frame child runs, its code is compiled. */
export async function onStage<T>(work: (staged: Staged) => Promise<T>, simulated: Record<string, unknown> = {}): Promise<T> {
  return onScene(async scene => {
    const pid = await scene.start();
    const peaks = new Map<number, number>();
    let framesMb = 0;
    const look = setInterval(() => {
      const frames = childrenOf(pid).filter(child => programOf(child).includes('tinypool'));
      for (const child of frames) peaks.set(child, peakMb(child));
      framesMb = Math.max(framesMb, sum(frames.map(child => peaks.get(child) ?? 0)));
    }, LOOK_EVERY_MS);
    const tk = await open({ config: scene.config, env: {} });
    try {
      await tk.load({ symbol: 'WARM', timeframe: '1m', from: LISTED, to: LISTED + 3_600_000 });
      return await work({ scene, pid, tk, memory: () => ({ workerMb: peakMb(pid), framesMb }) });
    } finally {
      clearInterval(look);
      await tk.close();
    }
  }, simulated);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The same before the daemon runs. */
export async function onScene<T>(work: (scene: LibraryScene) => Promise<T>, simulated: Record<string, unknown> = {}): Promise<T> {
  const over: (() => Promise<void>)[] = [];
  const scene = await libraryScene({ after: end => over.push(end) }, { simulated: { ...SIMULATED, ...simulated } });
  try {
    return await work(scene);
  } finally {
    for (const end of over) await end();
  }
}

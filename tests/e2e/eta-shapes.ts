/** Loads of different shape, for estimates to prove themselves on. */
import { type After, type LibraryScene, libraryScene } from '../client/library-scene.js';

export const LISTED = Date.UTC(2016, 0, 1);

export interface Shape {
  readonly name: string;
  readonly bars: number;
  readonly simulated?: Record<string, unknown>;
  readonly worker?: Record<string, unknown>;
}

export const SHAPES: readonly Shape[] = [
  { name: 'one batch', bars: 500_000 },
  { name: 'many batches', bars: 1_500_000, worker: { batchBars: 250_000 } },
  { name: 'slow source', bars: 500_000, simulated: { latencyMs: 80 } },
  { name: 'rate limited', bars: 400_000, simulated: { requestsPerSecond: 40 } },
  { name: 'tiny', bars: 1_000 },
];

export const sceneOf = (t: After, { simulated = {}, worker = {} }: Shape): Promise<LibraryScene> =>
  libraryScene(t, { simulated: { listed: '2016-01-01', requestsPerSecond: 1_000_000, journal: null, ...simulated }, worker });

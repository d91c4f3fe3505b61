/** Years of minutes from archives through the whole workflow: what matters is the memory of the daemon. */
import { orderOf, scene, timed } from './scene.js';

const FROM = Date.UTC(2018, 0, 1);

export async function wholeArchives(bars: number): Promise<{ ms: number; workerMb: number; framesMb: number }> {
  const { tk, memory, end } = await scene(0, true);
  try {
    const ms = await timed(() => tk.load(orderOf('RUN0USDT', FROM, bars)));
    return { ms, ...memory() };
  } finally {
    await end();
  }
}

/** The program of a thread that does what it is told to: end, throw, or run out of memory. */
import { parentPort } from 'node:worker_threads';

export type Fate = 'answer' | 'exit' | 'throw' | 'fill';

parentPort?.on('message', (fate: Fate) => {
  if (fate === 'exit') process.exit(3);
  if (fate === 'throw') throw new Error('no such row');
  const all: number[][] = [];
  while (fate === 'fill') all.push(Array(1e6).fill(all.length));
  parentPort?.postMessage(fate);
});

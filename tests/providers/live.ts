/** One small question to the real source: only when it is wanted, and only with its key. */
import { setTimeout } from 'node:timers/promises';
import { createHttp, type Key } from '../../src/providers/http/index.js';
import type { Provider, World } from '../../src/providers/provider.js';

/** What to give a test as its `skip`. */
export function notLive(variable?: string): string | false {
  if (process.env.RUN_LIVE_TESTS !== '1') return 'the real source is asked only with RUN_LIVE_TESTS=1';
  return variable !== undefined && !process.env[variable] ? `no key in ${variable}` : false;
}

export const keyIn = (variable: string): Key => ({ reveal: () => process.env[variable] ?? '' });

export async function live(create: (world: World) => Provider, run: (provider: Provider) => Promise<void>): Promise<void> {
  const http = createHttp({ env: process.env });
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    await setTimeout(ms, undefined, { signal });
  };
  try {
    await run(create({ now: Date.now, wait, http }));
  } finally {
    await http.close();
  }
}

/** Whether the daemon lives, and whether loads can go on: small answers for whoever watches over it. */
import type { Page } from './server.js';

export interface HealthLooks {
  /** Raises what hinders. */
  readonly server: () => Promise<unknown>;
  readonly worker: () => { readonly state: string; readonly polling: boolean };
  readonly freeBytes: () => Promise<number>;
  readonly floorBytes: number;
  readonly providers: readonly string[];
  readonly restFor: (provider: string) => number;
  readonly longestStallMs: () => number;
}

export interface Ready {
  readonly ready: boolean;
  readonly server: { readonly reachable: boolean };
  readonly worker: { readonly state: string; readonly polling: boolean };
  readonly disk: { readonly enough: boolean; readonly freeBytes: number | null; readonly floorBytes: number };
  /** Sources that are left alone, and for how long. */
  readonly resting: Readonly<Record<string, number>>;
  readonly longestStallMs: number;
}

export async function readiness(looks: HealthLooks): Promise<Ready> {
  const { floorBytes } = looks;
  const [reachable, freeBytes] = await Promise.all([
    looks.server().then(
      () => true,
      () => false,
    ),
    looks.freeBytes().catch(() => null),
  ]);
  const worker = looks.worker();
  const enough = freeBytes !== null && freeBytes >= floorBytes;
  const resting = looks.providers.map(name => [name, looks.restFor(name)] as const).filter(([, ms]) => ms > 0);
  return {
    ready: reachable && worker.polling && enough,
    server: { reachable },
    worker,
    disk: { enough, freeBytes, floorBytes },
    resting: Object.fromEntries(resting),
    longestStallMs: Math.round(looks.longestStallMs()),
  };
}

const json = (status: number, value: object): Page => ({ status, type: 'application/json', text: `${JSON.stringify(value)}\n` });

/** Who gets an answer at all knows that it lives. */
export const livePage = async (): Promise<Page> => json(200, { live: true });

export const readyPage = (looks: HealthLooks) => async (): Promise<Page> => {
  const told = await readiness(looks);
  return json(told.ready ? 200 : 503, told);
};

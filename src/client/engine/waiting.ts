/** What a program waits for: said to whoever wants to hear of it, and on a terminal once it takes long. */

/** Hears what is waited for, and null when that is over. */
export type Waits = (what: string | null) => void;

export const UNHEARD: Waits = () => {};

export async function whileWaiting<T>(waits: Waits, what: string, work: () => Promise<T>): Promise<T> {
  waits(what);
  try {
    return await work();
  } finally {
    waits(null);
  }
}

/** As long as somebody takes for a pause of thought. */
const LONG_MS = 2_000;

/** Tells only what takes long; each wait once. */
export function toldLate(tell: (line: string) => void, afterMs = LONG_MS): Waits {
  let timer: NodeJS.Timeout | undefined;
  return what => {
    clearTimeout(timer);
    if (what !== null) timer = setTimeout(() => tell(`Waiting for ${what} …`), afterMs).unref();
  };
}

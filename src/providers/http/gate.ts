/**
 * The way to one source, shared by all that ask it: a bucket of tokens that fills by the minute, a gate that is shut for
 * as long as the source told us to stay away, and the weight that it says was used.
 */
export interface Rate {
  /** Weight a minute, in the source's own unit; most sources count requests. */
  readonly perMinute: number;
  /** What may go at once after a rest. */
  readonly burst: number;
  /** Requests a day; absent: as many as one likes. */
  readonly perDay?: number;
  /** The response header that tells the weight used in the running minute, and its limit there. */
  readonly used?: { readonly header: string; readonly limit: number };
}

export interface Gate {
  /** Takes the weight; answers how long to wait before asking. Nothing is taken when that is longer than `patienceMs`. */
  enter(weight: number, patienceMs: number): number;
  /** Nobody passes for so long. */
  shut(ms: number): void;
  /** How long it is still shut; 0: open. */
  shutFor(): number;
  /** What the source says of the weight: others behind this address use it up, too. */
  told(headers: Readonly<Record<string, string>>): void;
}

const NEARLY = 0.95;
const MINUTE = 60_000;

export function createGate({ perMinute, burst, used }: Rate, now: () => number): Gate {
  const perMs = perMinute / MINUTE;
  let tokens = burst;
  let at = now();
  let shutAt = 0;
  let shutMs = 0;
  const fill = (): void => {
    const moment = now();
    tokens = Math.min(burst, tokens + Math.max(0, moment - at) * perMs);
    at = moment;
  };
  // A clock that was set back must not keep the gate shut for longer than was told.
  const shutFor = (): number => Math.max(0, Math.min(shutMs, shutAt + shutMs - now()));
  const shut = (ms: number): void => {
    if (ms <= shutFor()) return;
    shutAt = now();
    shutMs = ms;
  };
  return {
    shutFor,
    shut,
    enter(weight, patienceMs) {
      fill();
      const waitMs = Math.max(shutFor(), tokens >= weight ? 0 : Math.ceil((weight - tokens) / perMs));
      if (waitMs <= patienceMs) tokens -= weight;
      return waitMs;
    },
    told(headers) {
      const said = used && Number(headers[used.header] ?? Number.NaN);
      if (!used || Number.isNaN(said)) return;
      if ((said as number) >= used.limit * NEARLY) shut(MINUTE - (now() % MINUTE));
    },
  };
}

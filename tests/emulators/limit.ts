/** A limit of requests in any minute, by the emulator's clock. */
const MINUTE = 60_000;

/** Tells whether the request is one too many; those that are count as well. */
export function limiter(perMinute: number): (now: number) => boolean {
  let times: number[] = [];
  return now => {
    times = [...times.filter(at => now - at < MINUTE), now];
    return times.length > perMinute;
  };
}

/** How long a source asks us to wait, in whatever form it says so. */

/** Retry-After: seconds, or a date. undefined when it says nothing that can be read. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  // Of the date forms only those of HTTP: Date.parse would also make a year of "-5".
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** A moment in epoch seconds, milliseconds or microseconds, told apart by its size. */
export function untilMs(text: string | undefined, now: number): number | undefined {
  if (text === undefined || !/^\d{9,17}$/.test(text)) return undefined;
  const at = Number(text);
  const ms = at < 1e11 ? at * 1_000 : at < 1e14 ? at : at / 1_000;
  return Math.max(0, Math.ceil(ms - now));
}

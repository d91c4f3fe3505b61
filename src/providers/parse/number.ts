/** A number out of bytes, to the last bit what `Number` makes of the same text, without making the text. */

/** Powers of ten that a double holds exactly. */
export const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);
const NUMBER = /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/;
const MINUS = 0x2d;
const POINT = 0x2e;

/** NaN for what is no plain number. Two exact doubles are divided once: that is rounded as the text itself would be. */
export function numberIn(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === MINUS;
  let mantissa = 0;
  let decimals = -1;
  for (let i = negative ? from + 1 : from; i < to; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      if (decimals >= 0) decimals += 1;
    } else if (bytes[i] === POINT && decimals < 0 && i > from) decimals = 0;
    else return slowly(bytes, from, to);
  }
  if (mantissa > Number.MAX_SAFE_INTEGER || decimals >= POWERS.length || to - from < (negative ? 2 : 1)) return slowly(bytes, from, to);
  const value = decimals > 0 ? mantissa / (POWERS[decimals] as number) : mantissa;
  return negative ? -value : value;
}

/** Exponents, and more digits than a double holds exactly. */
function slowly(bytes: Uint8Array, from: number, to: number): number {
  const text = String.fromCharCode(...bytes.subarray(from, Math.min(to, from + LONGEST)));
  return to - from <= LONGEST && NUMBER.test(text) ? Number(text) : Number.NaN;
}

const LONGEST = 400;

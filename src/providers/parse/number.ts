/** Numbers out of bytes, to the last bit what `Number` makes of the same text, without making the text. */

/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);
const NUMBER = /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/;
const POINT = 0x2e;

/** Plain decimals where they stand, as nearly all numbers of bars are: this is where the time of an archive goes. */
export class Decimals {
  /** Where the last one ended: the first byte that is none of it. */
  end = 0;
  constructor(private readonly bytes: Uint8Array) {}

  /**
   * The decimal that begins there; NaN where there is none, or one that has to be read otherwise. Nine digits at a time are counted
   * in whole numbers of 32 bits, which costs half of counting in doubles. Two exact doubles are divided once: that is rounded
   * as the text itself would be.
   */
  at(from: number): number {
    const { bytes } = this;
    const size = bytes.length;
    let mantissa = 0;
    let nine = 0;
    let digits = 0;
    let point = -1;
    let i = from;
    for (; i < size; i++) {
      const byte = bytes[i] as number;
      if (byte >= 0x30 && byte <= 0x39) {
        nine = (nine * 10 + byte - 0x30) | 0;
        if (++digits < 9) continue;
        mantissa = mantissa * 1e9 + nine;
        nine = 0;
        digits = 0;
      } else if (byte === POINT && point < 0 && i > from) point = i;
      else break;
    }
    this.end = i;
    mantissa = mantissa * (POWERS[digits] as number) + nine;
    const decimals = point < 0 ? 0 : i - point - 1;
    if (i === from || mantissa > Number.MAX_SAFE_INTEGER || decimals >= POWERS.length) return Number.NaN;
    return decimals > 0 ? mantissa / (POWERS[decimals] as number) : mantissa;
  }
}

/** Any number between two places: negative, with an exponent, with more digits than a double holds exactly. NaN for what is none. */
export function numberIn(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > LONGEST) return Number.NaN;
  const text = String.fromCharCode(...bytes.subarray(from, to));
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

const LONGEST = 400;

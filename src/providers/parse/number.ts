/** Numbers out of bytes, to the last bit what `Number` makes of the same text, without making the text. */

/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);
const NUMBER = /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const ZEROS = 0x30303030;

/** Plain decimals where they stand, as nearly all numbers of bars are: this is where the time of an archive goes. */
export class Decimals {
  /** Where the last one ended: the first byte that is none of it. */
  end = 0;
  private readonly view: DataView;
  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * The decimal that begins there; NaN where there is none, or one that has to be read otherwise. Two doubles that are exact
   * are divided once: that is rounded as the text itself would be.
   */
  at(from: number): number {
    const { bytes, view } = this;
    const size = bytes.length;
    let mantissa = 0;
    let point = -1;
    let i = from;
    for (;;) {
      for (; i + 4 <= size; i += 4) {
        const four = view.getInt32(i, true) ^ ZEROS;
        if (!areDigits(four)) break;
        mantissa = mantissa * 10_000 + fourDigits(four);
      }
      for (; i < size && isDigit(bytes[i] as number); i++) mantissa = mantissa * 10 + (bytes[i] as number) - ZERO;
      if (i === size || bytes[i] !== POINT || point >= 0 || i === from) break;
      point = i++;
    }
    this.end = i;
    if (i === from) return Number.NaN;
    if (mantissa > Number.MAX_SAFE_INTEGER && point >= 0) return this.withoutZeros(from, point);
    return divided(mantissa, point < 0 ? 0 : i - point - 1);
  }

  /** Volumes of cheap coins have eight decimals that are zeros, and with them more digits than a double holds. */
  private withoutZeros(from: number, point: number): number {
    const { bytes } = this;
    let to = this.end;
    while (bytes[to - 1] === ZERO) to -= 1;
    let mantissa = 0;
    for (let i = from; i < to; i++) if (i !== point) mantissa = mantissa * 10 + (bytes[i] as number) - ZERO;
    return divided(mantissa, to - point - 1);
  }
}

/** A mantissa that is no longer exact is larger than the largest safe integer, however it was rounded. */
function divided(mantissa: number, decimals: number): number {
  if (mantissa > Number.MAX_SAFE_INTEGER || decimals >= POWERS.length) return Number.NaN;
  return decimals > 0 ? mantissa / (POWERS[decimals] as number) : mantissa;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/** Four characters at a time, the first in the lowest byte; a digit without its `0` is below ten. */
const areDigits = (four: number): boolean => ((four | (four + 0x06060606)) & 0xf0f0f0f0) === 0;

/** Ten times each digit and the one behind it; then a hundred times the first pair and the second. */
const fourDigits = (four: number): number => Math.imul((Math.imul(four, 0xa01) >>> 8) & 0xff00ff, 0x640001) >>> 16;

/** Any number between two places: negative, with an exponent, with more digits than a double holds exactly. NaN for what is none. */
export function numberIn(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > LONGEST) return Number.NaN;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

const LONGEST = 400;

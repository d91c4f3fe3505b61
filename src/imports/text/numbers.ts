/** Numbers out of bytes, exact to the last bit, in the ways that exports write them. */

const ZERO = 48;
const POINT = 46;
const COMMA = 44;
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);
/** Up to here every whole number is exact in a double, and so is what a power of ten up to 10^22 makes of it. */
const EXACT = Number.MAX_SAFE_INTEGER / 10 - 10;

/** NaN where nothing is stated; undefined where something is that is no number. */
export function numberAt(bytes: Uint8Array, from: number, to: number, decimal: '.' | ','): number | undefined {
  const point = decimal === '.' ? POINT : COMMA;
  let i = from;
  const negative = bytes[i] === 45;
  if (negative) i++;
  let whole = 0;
  let decimals = -1;
  const start = i;
  for (; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (whole > EXACT) return oddNumber(bytes, from, to, decimal);
      whole = whole * 10 + digit;
      if (decimals >= 0) decimals++;
    } else if (bytes[i] === point && decimals < 0) decimals = 0;
    else return oddNumber(bytes, from, to, decimal);
  }
  if (i === start || decimals > 22 || (decimals === 0 && i === start + 1)) return oddNumber(bytes, from, to, decimal);
  const value = decimals > 0 ? whole / (POWERS[decimals] as number) : whole;
  return negative ? -value : value;
}

const NOTHING: ReadonlySet<string> = new Set(['', '-', '--', 'nan', 'null', 'none', 'n/a', 'na', '#n/a', '∅']);
const UNITS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };
const decoder = new TextDecoder();

/** Signs of currency, thousands marks, units behind the number, exponents, more digits than are exact. */
function oddNumber(bytes: Uint8Array, from: number, to: number, decimal: '.' | ','): number | undefined {
  const text = decoder.decode(bytes.subarray(from, to)).trim();
  if (NOTHING.has(text.toLowerCase())) return Number.NaN;
  const [, sign = '', bare = '', unit = ''] = /^([-+]?)[$€£¥]?\s?([\d.,'\u00a0\u202f e+-]*\d\.?)\s?([KMBT%]?)$/i.exec(text) ?? [];
  if (bare === '' || unit === '%') return undefined;
  const plain = withoutMarks(bare, decimal);
  if (plain === undefined) return undefined;
  const value = Number(plain) * (UNITS[unit.toUpperCase()] ?? 1);
  return Number.isFinite(value) ? (sign === '-' ? -value : value) : undefined;
}

/** Thousands marks stand between groups of three digits, or they are none. */
function withoutMarks(text: string, decimal: '.' | ','): string | undefined {
  const mark = decimal === '.' ? "[,'\u00a0\u202f ]" : "[.'\u00a0\u202f ]";
  const point = decimal === '.' ? '\\.' : ',';
  const parts = new RegExp(`^(\\d{1,3}(?:${mark}\\d{3})+|\\d*)(?:${point}(\\d*))?(e[-+]?\\d{1,3})?$`, 'i').exec(text);
  if (!parts) return undefined;
  const [, whole = '', fraction = '', exponent = ''] = parts;
  if (whole === '' && fraction === '') return undefined;
  return `${whole.replace(/\D/g, '') || '0'}.${fraction || '0'}${exponent}`;
}

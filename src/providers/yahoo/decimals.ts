/**
 * Yahoo keeps prices as 32-bit floats, divided by every later split, and sends them with all the digits that a 64-bit
 * float shows: 129.0399932861328 for 129.04. What was traded is found again as the shortest decimal that its arithmetic
 * turns into the very number it sent.
 */

/** A 32-bit float always tells six digits apart, and never more than nine. */
const FEWEST_DIGITS = 6;
const MOST_DIGITS = 9;
/** A price that takes more digits than this to come back through a split is a coincidence, not a price. */
const DIGITS_OF_A_PRICE = 7;
/** How far a 32-bit float may be from its digits. */
const PRINTED = 1e-12;

/** The price before it was divided by `ratio`; NaN where no price gives exactly what was sent. */
export function decimalOf(sent: number, ratio: number): number {
  const single = Math.fround(sent);
  if (Math.abs(single - sent) > Math.abs(sent) * PRINTED) return fromDouble(sent, ratio);
  const most = ratio === 1 ? MOST_DIGITS : DIGITS_OF_A_PRICE;
  for (let digits = FEWEST_DIGITS; digits <= most; digits++) {
    const price = Number((sent * ratio).toPrecision(digits));
    if (Math.fround(price / ratio) === single) return price;
  }
  return Number.NaN;
}

/** It came with more than a 32-bit float holds: only the last bits of the product are noise. */
const fromDouble = (sent: number, ratio: number): number => (ratio === 1 ? sent : Number((sent * ratio).toPrecision(14)));

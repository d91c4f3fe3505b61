/** Answers in the shapes of Alpaca, with numbers of our own. */
import type { Bars } from '../../../src/model/bars.js';
import type { Timeframe } from '../../../src/model/timeframe.js';
import { barsOf, readAnswer } from '../../../src/providers/alpaca/bars.js';

/** What an answer says of one symbol. */
export function readBars(json: unknown, symbol: string, timeframe: Timeframe): { symbols: string[]; bars: Bars; token: string | null } {
  const answer = readAnswer(json, symbol);
  return { symbols: Object.keys(answer.lists), bars: barsOf(answer, symbol, timeframe), token: answer.token };
}

export const threeMinutes = {
  bars: {
    ACME: [
      { t: '2024-03-08T14:30:00Z', o: 10, h: 10.5, l: 9.75, c: 10.25, v: 1200, n: 14, vw: 10.1 },
      { t: '2024-03-08T14:31:00Z', o: 10.25, h: 10.25, l: 10, c: 10, v: 300, n: 3, vw: 10.1 },
      { c: 10.5, h: 10.5, l: 10, n: 2, o: 10, t: '2024-03-08T14:35:00Z', v: 150.5, vw: 10.25 },
    ],
  },
  next_page_token: null,
};

/** The limit counts the bars of all symbols, in the order of their names: this page has only the first of two. */
export const anotherSymbol = {
  bars: { ABLE: [{ t: '2024-03-08T14:30:00Z', o: 1, h: 1, l: 1, c: 1, v: 1, n: 1, vw: 1 }] },
  next_page_token: 'QUJMRXxNfDIwMjQ=',
};

export const noBars = { bars: {}, next_page_token: null };

/** Answers in the shapes of FMP, with numbers of our own. */
export const twoDays = [
  { symbol: 'ACME', date: '2024-03-11', open: 10.5, high: 11, low: 10, close: 10.25, volume: 900000, change: -0.25, vwap: 10.44 },
  { symbol: 'ACME', date: '2024-03-08', open: 10, high: 10.75, low: 9.75, close: 10.5, volume: 1250000, change: 0.5, vwap: 10.25 },
];

/** The raw prices of a day come under these names. */
export const twoRawDays = twoDays.map(({ symbol, date, open, high, low, close, volume }) => ({
  symbol,
  date,
  adjOpen: open,
  adjHigh: high,
  adjLow: low,
  adjClose: close,
  volume,
}));

/** The wall clock of New York: half past nine is 14:30Z before the change to summer time, 13:30Z after it. */
export const twoMinutes = [
  { date: '2024-03-11 09:30:00', open: 10.5, low: 10.5, high: 10.75, close: 10.75, volume: 800 },
  { date: '2024-03-08 15:59:00', open: 10.25, low: 10.25, high: 10.5, close: 10.5, volume: 900 },
];

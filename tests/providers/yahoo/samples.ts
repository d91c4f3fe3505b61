/** Answers in the shape of Yahoo's, with bars of our own. */
export const HEAD = {
  currency: 'USD',
  symbol: 'ACME',
  exchangeName: 'NMS',
  instrumentType: 'EQUITY',
  firstTradeDate: 1_262_615_400,
  regularMarketTime: 1_710_187_201,
  gmtoffset: -14_400,
  timezone: 'EDT',
  exchangeTimezoneName: 'America/New_York',
  priceHint: 2,
  currentTradingPeriod: { regular: { timezone: 'EDT', start: 1_710_163_800, end: 1_710_187_200, gmtoffset: -14_400 } },
  dataGranularity: '1d',
  validRanges: ['1d', '5d', 'max'],
};

type Column = readonly (number | null | string)[];

/** An answer with these times, closes and volumes; open, high and low are the close. */
export const chartOf = (meta: object, timestamp: readonly number[], close: Column, more: object = {}) => ({
  chart: {
    result: [
      {
        meta: { ...HEAD, ...meta },
        timestamp,
        ...more,
        indicators: { quote: [{ open: close, high: close, low: close, close, volume: close.map(c => (c === null ? null : 1_200)) }] },
      },
    ],
    error: null,
  },
});

/** Friday before the clocks go forward and the Monday after: 14:30Z and 13:30Z are both the open. */
export const twoDays = chartOf({}, [1_709_908_200, 1_710_163_800], [10, 10.5]);

export const noBars = {
  chart: { result: [{ meta: { ...HEAD, dataGranularity: '1m' }, indicators: { quote: [{}] } }], error: null },
};

export const refusalOf = (code: string, description: string) => ({ chart: { result: null, error: { code, description } } });

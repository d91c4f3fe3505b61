/** Answers in the shapes of Alpha Vantage's, with numbers of our own. */
const row = (close: number, volume: number) => ({
  '1. open': close.toFixed(4),
  '2. high': (close + 0.5).toFixed(4),
  '3. low': (close - 0.5).toFixed(4),
  '4. close': close.toFixed(4),
  '5. volume': String(volume),
});

const head = (more: object) => ({
  '1. Information': 'Intraday (1min) open, high, low, close prices and volume',
  '2. Symbol': 'ACME',
  ...more,
});

/** Newest first. In between the clocks of New York go forward: both first minutes are 09:30 there. */
export const minutes = {
  'Meta Data': head({
    '3. Last Refreshed': '2024-03-11 09:31:00',
    '4. Interval': '1min',
    '5. Output Size': 'Full size',
    '6. Time Zone': 'US/Eastern',
  }),
  'Time Series (1min)': {
    '2024-03-11 09:31:00': row(10.5, 300),
    '2024-03-11 09:30:00': row(10, 200),
    '2024-03-08 09:30:00': row(9.5, 100),
  },
};

export const days = {
  'Meta Data': head({ '3. Last Refreshed': '2024-03-11', '4. Output Size': 'Compact', '5. Time Zone': 'US/Eastern' }),
  'Time Series (Daily)': { '2024-03-11': row(10.5, 3_000), '2024-03-08': row(10, 2_000) },
};

export const adjustedDays = {
  'Meta Data': head({ '3. Last Refreshed': '2024-03-12', '4. Output Size': 'Full size', '5. Time Zone': 'US/Eastern' }),
  'Time Series (Daily)': Object.fromEntries(
    (
      [
        ['2024-03-12', 11, '0.2050', '1.0'],
        ['2024-03-11', 10.5, '0.0000', '4.0'],
        ['2024-03-08', 40, '0.0000', '1.0'],
      ] as const
    ).map(([date, close, dividend, split]) => [
      date,
      {
        '1. open': String(close),
        '2. high': String(close),
        '3. low': String(close),
        '4. close': String(close),
        '5. adjusted close': '10.0',
        '6. volume': '1000',
        '7. dividend amount': dividend,
        '8. split coefficient': split,
      },
    ]),
  ),
};

export const tooMany = { Information: 'Thank you. Our standard API rate limit is 25 requests per day.' };

/** Answers in the shapes of Tiingo's, with numbers of our own. */
const row = (date: string, close: number, more: object = {}) => ({
  date,
  close,
  high: close + 0.5,
  low: close - 0.5,
  open: close - 0.25,
  volume: 12_000,
  adjClose: close,
  adjHigh: close + 0.5,
  adjLow: close - 0.5,
  adjOpen: close - 0.25,
  adjVolume: 12_000,
  divCash: 0,
  splitFactor: 1,
  ...more,
});

export const days = [
  row('2024-03-08T00:00:00.000Z', 40),
  row('2024-03-11T00:00:00.000Z', 10.5, { splitFactor: 4 }),
  row('2024-03-12T00:00:00.000Z', 11, { divCash: 0.205 }),
];

export const daysCsv = `date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,divCash,splitFactor
2024-03-08,40.0,40.5,39.5,39.75,12000,10.0,10.125,9.875,9.9375,48000,0.0,1.0
2024-03-11,10.5,11.0,10.0,10.25,12000,10.5,11.0,10.0,10.25,12000,0.0,4.0
2024-03-12,11.0,11.5,10.5,10.75,12000,11.0,11.5,10.5,10.75,12000,0.205,1.0
`;

/** With columns asked for, the zone is written the other way. */
export const minutes = [
  { date: '2024-03-11T13:30:00+00:00', open: 10, high: 10.5, low: 9.5, close: 10.25, volume: 300 },
  { date: '2024-03-11T13:31:00+00:00', open: 10.25, high: 10.5, low: 1.8e-7, close: 10.25, volume: 0 },
];

export const unknownTicker = { detail: 'Not found.' };

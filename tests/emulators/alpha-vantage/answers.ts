/** Alpha Vantage's answers out of bars: texts for numbers, local times for instants, newest first. */
import { type Bars, barAt } from '../../../src/model/bars.js';
import { zoneOf } from '../../../src/model/calendar.js';
import { isIntraday, type Timeframe } from '../../../src/model/timeframe.js';

const NEW_YORK = zoneOf('America/New_York');

const localText = (ts: number, timeframe: Timeframe, utc: boolean): string =>
  isIntraday(timeframe)
    ? new Date(utc ? ts : NEW_YORK.toLocal(ts)).toISOString().slice(0, 19).replace('T', ' ')
    : new Date(ts).toISOString().slice(0, 10);

const fourDigits = (value: number | null | undefined): string => (value as number).toFixed(4);

type Rows = Record<string, Record<string, string>>;

function rowsOf(bars: Bars, timeframe: Timeframe, utc: boolean, withVolume: boolean): Rows {
  const rows: Rows = {};
  for (let i = bars.ts.length - 1; i >= 0; i--) {
    const { ts, open, high, low, close, volume } = barAt(bars, i);
    rows[localText(ts, timeframe, utc)] = {
      '1. open': fourDigits(open),
      '2. high': fourDigits(high),
      '3. low': fourDigits(low),
      '4. close': fourDigits(close),
      ...(withVolume && { '5. volume': String(Math.round(volume as number)) }),
    };
  }
  return rows;
}

const newest = (rows: Rows): string => Object.keys(rows)[0] ?? '';

export function intradayAnswer(symbol: string, interval: string, timeframe: Timeframe, bars: Bars, size: string): object {
  const rows = rowsOf(bars, timeframe, false, true);
  return {
    'Meta Data': {
      '1. Information': `Intraday (${interval}) open, high, low, close prices and volume`,
      '2. Symbol': symbol,
      '3. Last Refreshed': newest(rows),
      '4. Interval': interval,
      '5. Output Size': size,
      '6. Time Zone': 'US/Eastern',
    },
    [`Time Series (${interval})`]: rows,
  };
}

/** What happened to a share on a day. */
export interface Day {
  readonly date: number;
  readonly dividend: number;
  readonly split: number;
}

export function dailyAnswer(symbol: string, bars: Bars, size: string, happened?: readonly Day[]): object {
  const rows = rowsOf(bars, '1d', false, true);
  const series = happened ? Object.fromEntries(Object.entries(rows).map(([date, row]) => [date, adjustedRow(row, date, happened)])) : rows;
  return {
    'Meta Data': {
      '1. Information': happened
        ? 'Daily Time Series with Splits and Dividend Events'
        : 'Daily Prices (open, high, low, close) and Volumes',
      '2. Symbol': symbol,
      '3. Last Refreshed': newest(rows),
      '4. Output Size': size,
      '5. Time Zone': 'US/Eastern',
    },
    'Time Series (Daily)': series,
  };
}

function adjustedRow(row: Record<string, string>, date: string, happened: readonly Day[]): Record<string, string> {
  const day = happened.find(d => d.date === Date.parse(date)) ?? { dividend: 0, split: 1 };
  const { '5. volume': volume = '', ...prices } = row;
  return {
    ...prices,
    '5. adjusted close': prices['4. close'] as string,
    '6. volume': volume,
    '7. dividend amount': fourDigits(day.dividend),
    '8. split coefficient': fourDigits(day.split),
  };
}

export function fxAnswer(from: string, to: string, interval: string | null, timeframe: Timeframe, bars: Bars): object {
  const rows = rowsOf(bars, timeframe, true, false);
  const meta = ['Information', 'From Symbol', 'To Symbol', 'Last Refreshed', ...(interval ? ['Interval'] : []), 'Output Size', 'Time Zone'];
  const values: Record<string, string> = {
    Information: interval ? `FX Intraday (${interval}) Time Series` : 'Forex Daily Prices (open, high, low, close)',
    'From Symbol': from,
    'To Symbol': to,
    'Last Refreshed': newest(rows),
    Interval: interval ?? '',
    'Output Size': 'Full size',
    'Time Zone': 'UTC',
  };
  return {
    'Meta Data': Object.fromEntries(meta.map((name, i) => [`${i + 1}. ${name}`, values[name]])),
    [`Time Series FX (${interval ?? 'Daily'})`]: rows,
  };
}

/** How Binance writes what it knows. */
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { type Bars, countOf } from '../../../src/model/bars.js';
import { nextBar, type Timeframe } from '../../../src/model/timeframe.js';

/** Eight decimals or more: none of a price is lost. */
function decimal(value: number): string {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole = '', part = ''] = text.split('.');
  return `${whole}.${part.padEnd(8, '0')}`;
}

export type Kline = [number, string, string, string, string, string, number, string, number, string, string, string];

export const klineRows = (bars: Bars, timeframe: Timeframe): Kline[] =>
  Array.from({ length: countOf(bars) }, (_, i) => {
    const at = bars.ts[i] as number;
    const of = (column: Float64Array): string => decimal(column[i] as number);
    const { open, high, low, close, volume, turnover, trades } = bars;
    const end = nextBar(at, timeframe) - 1;
    return [
      at,
      of(open),
      of(high),
      of(low),
      of(close),
      of(volume),
      end,
      of(turnover),
      trades[i] as number,
      '0.00000000',
      '0.00000000',
      '0',
    ];
  });

export const HEADER = 'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';

export interface Written {
  /** Microseconds, as spot archives have had since 2025. */
  readonly micro: boolean;
  readonly header: boolean;
}

export function csvLines(bars: Bars, timeframe: Timeframe, { micro, header }: Written): string[] {
  const lines = klineRows(bars, timeframe).map(([open, ...rest]) => {
    const close = rest[5] as number;
    rest[5] = micro ? close * 1_000 + 999 : close;
    return [micro ? open * 1_000 : open, ...rest].join(',');
  });
  return header ? [HEADER, ...lines] : lines;
}

/** A zip archive of one file. */
export function zipOf(name: string, body: Uint8Array): Buffer {
  const packed = deflateRawSync(body, { level: 1 });
  const bytes = Buffer.from(name);
  const facts = Buffer.alloc(20);
  facts.writeUInt16LE(8, 0);
  facts.writeUInt32LE(crc32(body), 6);
  facts.writeUInt32LE(packed.length, 10);
  facts.writeUInt32LE(body.length, 14);
  facts.writeUInt16LE(bytes.length, 18);
  const file = Buffer.concat([Buffer.from('504b030414000000', 'hex'), facts, Buffer.alloc(2), bytes, packed]);
  const entry = Buffer.concat([Buffer.from('504b01021400140000000000', 'hex').subarray(0, 10), facts, Buffer.alloc(16), bytes]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(file.length, 16);
  return Buffer.concat([file, entry, end]);
}

export const checksumOf = (zip: Uint8Array, name: string): string => `${createHash('sha256').update(zip).digest('hex')}  ${name}\n`;

export const refusal = (code: number, msg: string): { code: number; msg: string } => ({ code, msg });

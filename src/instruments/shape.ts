/** The shape of the file of instruments, with dates as instants. */
import { z } from 'zod';
import { ASSET_CLASSES, escapeName } from '../model/series.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A day at 00:00Z. The round trip refuses the 31st of April. */
const date = z
  .string()
  .refine(text => DATE.test(text) && !Number.isNaN(Date.parse(text)) && new Date(Date.parse(text)).toISOString().startsWith(text), {
    message: 'a date such as 2024-01-31',
  })
  .transform(text => Date.parse(text));

function isName(text: string): boolean {
  try {
    escapeName(text, 'upper', 'symbol');
    return true;
  } catch {
    return false;
  }
}

const symbol = z.string().refine(isName, { message: 'a symbol such as BTCUSDT, BRK.B, ^GSPC, in quotes if it is a number' });
const tradeDate = z.strictObject({ date, known_from: z.string().min(1) });
const ticker = z.strictObject({ symbol, from: date.optional(), to: date.optional() }).refine(t => (t.from ?? 0) <= (t.to ?? Infinity), {
  path: ['to'],
  message: 'a ticker is not used to before it is used from',
});

export const entryShape = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'an id has small letters, digits, dots and dashes'),
  name: z.string().min(1),
  asset_class: z.enum(ASSET_CLASSES),
  calendar: z.string().min(1).optional(),
  currency: z
    .string()
    .regex(/^[A-Z0-9]{2,10}$/, 'a currency or coin such as USD, GBX, USDT')
    .optional(),
  tick: z.number().positive().optional(),
  tickers: z.array(z.union([symbol.transform(s => ({ symbol: s, from: undefined, to: undefined })), ticker])).min(1),
  also: z.array(symbol).default([]),
  providers: z.record(z.string(), symbol).default({}),
  first_trade: tradeDate.optional(),
  last_trade: tradeDate.optional(),
});

export const fileShape = z.strictObject({ instruments: z.array(entryShape) });

export type Entry = z.output<typeof entryShape>;

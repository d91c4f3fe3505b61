/** The settings of each provider, one entry per source. A new provider adds its shape here and its defaults in defaults.ts. */
import { z } from 'zod';
import { errors } from '../model/errors.js';
import { TIMEFRAMES } from '../model/timeframe.js';
import { amount, instant, oneOf, setting, text, wholeNumber } from './setting.js';
import { sources } from './sources.js';

const DAY_MS = 86_400_000;
const MOST_ENTRIES = 10_000;

const outage = z
  .strictObject({ from: instant('When the outage begins.'), to: instant('When it is over.') })
  .refine(({ from, to }) => from < to, { path: ['to'], params: { allowed: 'a moment after from' } });

const symbolDates = (doc: string) =>
  setting(z.record(z.string().min(1).max(64), instant(doc)), doc, 'symbols with a moment in UTC each, as { SIMBTC: 2024-01-31 }');

const milliseconds = (doc: string) => wholeNumber(doc, 0, 100_000 * DAY_MS);

const codes = Object.keys(errors) as [keyof typeof errors, ...(keyof typeof errors)[]];

const fault = z.strictObject({
  request: wholeNumber('The request it happens to, counted from 1.', 1, 1_000_000_000),
  times: wholeNumber('How many requests in a row; unset, one.', 1, 1_000_000_000).exactOptional(),
  kind: oneOf('What happens.', ['error', 'truncated', 'wrong', 'nulls', 'slow']),
  code: setting(z.enum(codes), 'The error of kind error.', 'a code of docs/errors.md').exactOptional(),
  ms: milliseconds('How much later, of kind slow.').exactOptional(),
});

const simulated = z.strictObject({
  seed: wholeNumber('Seed of the simulated prices: the same seed gives the same bars.', 0, 4_294_967_295),
  pageBars: wholeNumber('Bars in one page of an answer.', 1, 100_000),
  requestsPerSecond: amount('Requests a second before it answers 429.', 0.1, 1_000_000),
  latencyMs: wholeNumber('How long each answer takes, in milliseconds.', 0, 60_000),
  listed: instant('Since when its symbols are traded.'),
  listedOf: symbolDates('Since when some of them are, if not since then.'),
  delisted: symbolDates('When some of them stopped.'),
  outages: setting(z.array(outage).max(MOST_ENTRIES), 'Spans without any bar, as { from, to }.', 'a list of { from, to }'),
  quietShare: amount('The share of minutes without a trade.', 0, 0.99),
  settleMs: milliseconds('How long after its close a bar may still change.'),
  revisesMs: milliseconds('For how long after its close a bar lacks its late prints, a quarter of its volume.'),
  priceFactor: amount('All prices times this: what a split does to a past that is told anew.', 0.001, 1_000),
  depthMs: setting(
    z.partialRecord(z.enum(TIMEFRAMES), milliseconds('How far back.')),
    'How far back a timeframe reaches from now; unset, to the listing.',
    'timeframes with milliseconds each, as { 1m: 2592000000 }',
  ),
  journal: text('A file that gets one line for each page asked for.', 'a path, or null for none').nullable(),
  faults: setting(
    z.array(fault).max(MOST_ENTRIES),
    'What goes wrong with which request, for trying things out.',
    'a list of { request, kind, … }',
  ),
});

export const providers = z.strictObject({ simulated, ...sources });

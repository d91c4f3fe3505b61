/** The settings of each provider, one entry per source. A new provider adds its shape here and its defaults in defaults.ts. */
import { z } from 'zod';
import { amount, instant, setting, wholeNumber } from './setting.js';

const outage = z
  .strictObject({ from: instant('When the outage begins.'), to: instant('When it is over.') })
  .refine(({ from, to }) => from < to, { path: ['to'], params: { allowed: 'a moment after from' } });

const simulated = z.strictObject({
  seed: wholeNumber('Seed of the simulated prices: the same seed gives the same bars.', 0, 4_294_967_295),
  pageBars: wholeNumber('Bars in one page of an answer.', 1, 100_000),
  requestsPerSecond: amount('Requests a second before it answers 429.', 0.1, 100_000),
  latencyMs: wholeNumber('How long each answer takes, in milliseconds.', 0, 60_000),
  listed: instant('Since when its symbols are traded.'),
  outages: setting(z.array(outage).max(1_000), 'Spans without any bar, as { from, to }.', 'a list of { from, to }'),
});

export const providers = z.strictObject({ simulated });

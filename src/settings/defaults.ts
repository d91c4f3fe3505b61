/** What holds when nothing is said: every setting that needs a value has it here. */
import type { z } from 'zod';
import { metricsDefaults } from './metrics.js';
import { noticesDefaults } from './notices.js';
import type { schema } from './schema.js';
import { sourceDefaults } from './sources.js';
import { temporalDefaults } from './temporal.js';

export const defaults = {
  data: 'data',
  logs: { level: 'info' },
  temporal: temporalDefaults,
  store: { checkpointEvery: 100, sliceRows: 1_048_576, slice: 'year', smallFiles: 50, frameChildren: 1 },
  keep: { days: 30, versions: 10, graceHours: 24 },
  disk: { floor: 0.5 },
  upkeep: { compactAt: '17 * * * *', at: '43 3 * * *', freshAt: '*/10 * * * *', verifyAt: '13 5 * * *', verifyShare: 0.02 },
  metrics: metricsDefaults,
  notices: noticesDefaults,
  worker: { fetchesAtOnce: 16, loadsAtOnce: 4, batchBars: 1_000_000, first: 'oldest', silenceMs: 10_000 },
  revisions: { sessions: 2, restated: 'stop' },
  calendars: {},
  instruments: {},
  derived: { patterns: ['*_profiler.json', '*_level_stats.json', '*_hod_lod.json'] },
  backup: { at: '29 2 * * *', required: false },
  budgets: {},
  breaker: { failures: 8, restSeconds: 30, longestSeconds: 900 },
  rules: {},
  series: [],
  watchlists: {},
  schedules: [],
  providers: {
    simulated: {
      seed: 1,
      pageBars: 1_000,
      requestsPerSecond: 10_000,
      latencyMs: 0,
      listed: '2017-08-17T04:00Z',
      listedOf: {},
      delisted: {},
      outages: [{ from: '2020-06-28T01:00Z', to: '2020-06-28T05:00Z' }],
      quietShare: 0.002,
      settleMs: 2_000,
      revisesMs: 0,
      priceFactor: 1,
      depthMs: {},
      journal: null,
      faults: [],
    },
    ...sourceDefaults,
  },
} satisfies z.input<typeof schema>;

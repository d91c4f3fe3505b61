/** The shape of all settings: what there is, what it is for, what may stand there. */
import { z } from 'zod';
import { FIRSTS, RESTATEMENTS } from '../model/load.js';
import { ASSET_CLASSES, idOf, type Series } from '../model/series.js';
import { checkCoarser } from '../model/slots.js';
import type { Timeframe } from '../model/timeframe.js';
import { breaker, budgets } from './budgets.js';
import { metrics } from './metrics.js';
import { notices } from './notices.js';
import { providers } from './providers.js';
import { rules } from './rules.js';
import { cronText, schedules } from './schedules.js';
import { amount, instant, oneOf, path, setting, text, timeframe, wholeNumber } from './setting.js';
import { temporal } from './temporal.js';
import { watchlists } from './watchlists.js';

const logs = z.strictObject({
  level: oneOf('The least severe lines that are logged.', ['error', 'warn', 'info', 'debug']),
  file: path('The log file of the daemon; unset, .tapekeep/log/tapekeep.log in the data folder.').optional(),
});

const store = z.strictObject({
  checkpointEvery: wholeNumber('A checkpoint after so many versions keeps opening a table quick.', 1, 10_000),
  sliceRows: wholeNumber('The most rows of one data file.', 1_000, 50_000_000),
  slice: oneOf('What one file of minutes or hours holds after compaction; from a day up, one file holds all bars.', [
    'month',
    'quarter',
    'year',
  ]),
  smallFiles: wholeNumber('From how many small files on a series is compacted by itself.', 2, 1_000_000),
  frameChildren: wholeNumber('Child processes for frame work: each takes memory, more of them use more cores.', 1, 64),
});

const keep = z.strictObject({
  days: amount('How long a version can be read after a newer one came, in days.', 0, 36_500),
  versions: wholeNumber('So many of the newest versions stay, however old they are.', 1, 1_000_000),
  graceHours: amount('How long a file stays that no version names any more, in hours: somebody may be reading it.', 0, 8_760),
});

const disk = z.strictObject({
  floor: amount('Free space below which no load begins or goes on, in GB (10^9 bytes).', 0, 1_000_000),
  maxSize: amount('The most that the data folder may hold, in GB; unset, as much as the disk has.', 0.001, 1_000_000).optional(),
});

const upkeep = z.strictObject({
  compactAt: cronText('When series with many small files are compacted.', 'in UTC, as 17 * * * *'),
  at: cronText(
    'When old versions and unneeded files go, too, staging is swept and the bound of the data folder is kept.',
    'in UTC, as 43 3 * * *',
  ),
  freshAt: cronText('When it is looked which kept series are behind; a stale one is told of in the log.', 'in UTC, as */10 * * * *'),
  verifyAt: cronText(
    'When stored files are read again, some of them chosen by chance; what is damaged is told of in the log.',
    'in UTC, as 13 5 * * *',
  ),
  verifyShare: amount('Which share of the files of each series is read then, at least one. 0: none.', 0, 1),
});

const worker = z.strictObject({
  fetchesAtOnce: wholeNumber('Segments fetched at the same time from one source, by all loads of a daemon together.', 1, 1_000),
  loadsAtOnce: wholeNumber('Of the series that are loaded in one order so many work at the same time; the others wait.', 1, 1_000),
  batchBars: wholeNumber('Bars in one commit of a long load.', 1, 100_000_000),
  first: oneOf('Which end of what is missing is loaded and committed first.', FIRSTS),
  silenceMs: wholeNumber('How long a step may be silent before it is taken for dead and begun again, in milliseconds.', 500, 3_600_000),
});

const revisions = z.strictObject({
  sessions: wholeNumber(
    'For how many sessions after its own a bar is read again, once after each: sources correct what they told. 0: never.',
    0,
    60,
  ),
  restated: oneOf(
    'When bars come that tell the past by another measure (a split, a unit): stop the load, or take all that the series holds anew.',
    RESTATEMENTS,
  ),
});

const calendars = z.strictObject({
  folder: path('The folder of the calendars; unset, the ones that come with the program.').optional(),
  overlay: path('A file of your own that adds or corrects days of calendars, or adds calendars.').optional(),
});

const instruments = z.strictObject({
  file: path('The file of the instruments whose facts are known; unset, the one that comes with the program.').optional(),
});

const derived = z.strictObject({
  folder: path('Where files lie that are computed from series; unset, none are looked for.').optional(),
  patterns: setting(
    z.array(text('', '').regex(/^[^/\\]*\*[^/\\]*$/)).max(100),
    'How such files are called: * stands for any characters, and the name begins with the symbol.',
    'a list of names with a *, such as "*_profiler.json"',
  ),
});

const backup = z
  .strictObject({
    folder: path('A second place for the tables: tapekeep backup copies them there unless it names another.').optional(),
    at: cronText('When the daemon copies the tables there by itself, if backup.folder is set.', 'in UTC, as 29 2 * * *'),
    required: setting(z.boolean(), 'Whether a version may only be followed by the next once it is in the backup.', 'true, or false'),
  })
  .refine(({ folder, required }) => !required || folder !== undefined, {
    path: ['folder'],
    params: { allowed: 'a path, since backup.required is true' },
  });

/** Whether a name can be a folder of the tables is the model's to say. */
const canBe = (series: Partial<Series>): boolean => {
  try {
    idOf({ dataset: 'main', assetClass: 'other', symbol: 'X', timeframe: '1d', ...series });
    return true;
  } catch {
    return false;
  }
};

function fitsBase({ derive, provider, from, calendar, timeframe }: Readonly<Record<string, unknown>>): boolean {
  if (derive === undefined) return true;
  try {
    checkCoarser(derive as Timeframe, timeframe as Timeframe);
    return derive !== timeframe && (provider ?? from ?? calendar) === undefined;
  } catch {
    return false;
  }
}

const keptSeries = z
  .strictObject({
    symbol: text('The name the market uses.', 'a name such as BTCUSDT, BRK.B, ^GSPC').refine(symbol => canBe({ symbol })),
    timeframe: timeframe('The length of a bar.'),
    assetClass: oneOf('What is traded.', ASSET_CLASSES).default('crypto'),
    dataset: text('main, or whose quotes these are.', 'main, or a venue, feed or account')
      .refine(dataset => canBe({ dataset }))
      .default('main'),
    provider: oneOf('Where the bars come from; unset, the first that serves them.', providerNames()).optional(),
    from: instant('Since when the series is kept; unset, since the provider has it.').optional(),
    calendar: text('The calendar that says which bars should exist; unset, that crypto never closes.', 'a name such as XNYS, CMES, FOREX')
      .regex(/^[A-Za-z0-9][\w./-]{0,39}$/)
      .optional(),
    derive: timeframe('The finer timeframe of the same series that its bars are made of; unset, they are fetched.').optional(),
  })
  .refine(fitsBase, {
    path: ['derive'],
    params: { allowed: 'a finer timeframe that the bars are whole multiples of, and then no provider, from or calendar' },
  });

function providerNames(): readonly [string, ...string[]] {
  const [first = '', ...more] = Object.keys(providers.shape);
  return [first, ...more];
}

const keptTwice = (list: readonly z.output<typeof keptSeries>[]): number => {
  const names = list.map(({ dataset, assetClass, symbol, timeframe }) => [dataset, assetClass, symbol, timeframe].join('\n'));
  return names.findIndex((name, i) => names.indexOf(name) < i);
};

export const schema = z
  .strictObject({
    data: path('The folder of the tables. DATA_CACHE_DIR moves it.'),
    logs,
    temporal,
    store,
    keep,
    disk,
    upkeep,
    metrics,
    notices,
    worker,
    revisions,
    calendars,
    instruments,
    legacy: path('A folder of an older collection: a load that meets one of its series for the first time takes it over.').optional(),
    derived,
    backup,
    budgets,
    breaker,
    rules,
    series: setting(
      z.array(keptSeries).max(10_000),
      'The series that the daemon keeps complete.',
      'a list of { symbol, timeframe, … }',
    ).check(({ value, issues }) => {
      const again = keptTwice(value);
      if (again >= 0) issues.push({ code: 'custom', input: value[again], path: [again], params: { allowed: 'each series once' } });
    }),
    schedules,
    watchlists,
    providers,
  })
  .check(({ value: { schedules: all, watchlists: lists }, issues }) => {
    for (const [i, { watchlist }] of all.entries())
      if (watchlist !== undefined && !Object.hasOwn(lists, watchlist))
        issues.push({
          code: 'custom',
          input: watchlist,
          path: ['schedules', i, 'watchlist'],
          params: { allowed: `one of watchlists: ${Object.keys(lists).join(', ') || 'there is none'}` },
        });
  });

export type Settings = z.output<typeof schema>;
export type KeptSeries = z.output<typeof keptSeries>;

/** How far a table is behind is told from its log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshnessWords } from '../../src/client/quality/words.js';
import { freshnessOfTable } from '../../src/client/stored/freshness.js';
import type { Absence } from '../../src/model/coverage.js';
import { CRYPTO_BASIS, type Series } from '../../src/model/series.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { readSettings } from '../../src/settings.js';
import type { Table } from '../../src/store/index.js';

const settings = readSettings({ env: {}, folder: '/' });
const FRIDAY = Date.UTC(2024, 2, 8);

interface Given {
  readonly series?: Partial<Series>;
  readonly calendar?: string;
  readonly newest?: number;
  readonly ledger?: readonly Partial<Absence>[];
}

/** A table of one file, as its log would tell. */
function tableOf({ series = {}, calendar = '24/7', newest, ledger = [] }: Given): Table {
  const files = newest === undefined ? [] : [['a', { first: newest, last: newest }]];
  return {
    series: { dataset: 'main', assetClass: 'crypto', symbol: 'X', timeframe: '1m', ...series },
    snapshot: { files: new Map(files as never) },
    holdings: { coverage: [], ledger },
    basis: CRYPTO_BASIS,
    calendar: { name: calendar, version: '1' },
  } as unknown as Table;
}

async function words(given: Given, now: number, provider: string | null = 'simulated'): Promise<string> {
  return freshnessWords(await freshnessOfTable(settings, tableOf(given), provider, now));
}

test('a series ages by the bars that should be there', async () => {
  const newest = FRIDAY;
  assert.equal(await words({ newest }, newest + MINUTE + 30_000), 'fresh');
  assert.equal(await words({ newest }, newest + 3 * MINUTE + 30_000), 'due, 2 behind');
  assert.equal(await words({ newest }, newest + HOUR + 30_000), 'stale, 59 behind');
  assert.equal(await words({ newest }, newest + 2 * DAY + 30_000), 'dead, 2,879 behind');
  assert.equal(await words({}, newest), 'dead, no bar');
});

test('a bar that the provider has not settled yet is not waited for', async () => {
  assert.equal(await words({ newest: FRIDAY }, FRIDAY + 2 * MINUTE + 1_000), 'fresh', 'its settling time is two seconds');
  assert.equal(await words({ newest: FRIDAY }, FRIDAY + 2 * MINUTE + 3_000), 'due, 1 behind');
});

test('a closed market and known absences age nothing', async () => {
  const daily: Given = { series: { assetClass: 'stock', timeframe: '1d' }, calendar: 'XNYS', newest: FRIDAY };
  assert.equal(await words(daily, FRIDAY + 3 * DAY + 12 * HOUR), 'fresh', 'on Monday before the close Friday is the newest');
  assert.equal(await words(daily, FRIDAY + 4 * DAY + 2 * HOUR), 'due, 1 behind');
  const ledger = [{ from: FRIDAY, to: FRIDAY + HOUR, reason: 'no_trade' as const }];
  assert.equal(await words({ newest: FRIDAY, ledger }, FRIDAY + HOUR + 30_000), 'fresh');
  const refused = [{ from: FRIDAY, to: FRIDAY + HOUR, reason: 'failed' as const }];
  assert.equal(await words({ newest: FRIDAY, ledger: refused }, FRIDAY + HOUR + 30_000), 'stale, 59 behind');
});

test('of a table whose calendar is gone it is said that nothing is known', async () => {
  assert.equal(await words({ series: { assetClass: 'stock' }, calendar: 'GONE', newest: FRIDAY }, FRIDAY + DAY), 'calendar unknown');
});

test('hours are seen as the source cut them', async () => {
  const hourly: Given = { series: { assetClass: 'stock', timeframe: '1h' }, calendar: 'XNYS' };
  const now = FRIDAY + 21 * HOUR + MINUTE;
  assert.equal(await words({ ...hourly, newest: FRIDAY + 20 * HOUR }, now), 'fresh', 'by the clock, from 14:00Z');
  assert.equal(await words({ ...hourly, newest: FRIDAY + 20.5 * HOUR }, now), 'fresh', 'from the open at 14:30Z');
});

/** What is not a load is killed on its way, too: changes of a series, upkeep, backups. Loads and derivations have tests of their own. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Bar } from '../../src/model/bars.js';
import type { ChangeWish } from '../../src/model/change.js';
import { idOf } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { assertStore } from '../faults/assert-store.js';
import { House, minutes, pages, START } from './house.js';
import { truthOf } from './truth.js';
import { until } from './until.js';

const FIRST = pages(1);
const SECOND = { from: FIRST.to, to: pages(2).to };
const CORRECTED = START + 7 * MINUTE;

const WISHES: readonly ChangeWish[] = [
  { kind: 'compact', which: 'all' },
  { kind: 'correct', ts: CORRECTED, values: { volume: 1.5 }, reason: 'a print taken back' },
  { kind: 'restore', version: 0 },
];

describe('work that is killed on the way', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make({ exchange: { latencyMs: 0, quietShare: 0 } });
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const requestOf = (symbol: string[]) => ({ symbol, timeframe: '1m' });

  /** Two versions of each, by a daemon that holds nothing. */
  async function loaded(symbols: string[]): Promise<void> {
    await house.serve();
    const client = await house.client();
    for (const span of [FIRST, SECOND]) await client.load({ ...requestOf(symbols), ...span });
  }

  const closed = () =>
    until(
      async () => {
        const store = await house.store(true);
        const { loads } = await store.openLoads();
        await store.close();
        return loads.length === 0 || undefined;
      },
      () => 'the books to be closed',
    );

  test('A1: the daemon is killed in each step of a compaction, a correction and a restore: each goes on, as one version', async () => {
    const all = WISHES.flatMap(wish =>
      ['propose after', 'validate after', 'commit after'].map(at => {
        const symbol = `${wish.kind}${at.replace(' ', '')}`.toUpperCase();
        return { wish, symbol, hold: `${symbol} ${at}` };
      }),
    );
    await loaded(all.map(({ symbol }) => symbol));
    const daemon = await house.start(all.map(({ hold }) => hold));
    const client = await house.client();
    const changes = all.map(({ symbol, wish }) => client.change({ symbol, timeframe: '1m' }, wish));
    await daemon.reached(all.map(({ hold }) => hold));
    await daemon.end('SIGKILL');
    await house.serve();
    const reports = await Promise.all(changes);
    await closed();
    assert.deepEqual(
      reports.map(report => [report.kind, report.version]),
      all.map(({ wish }) => [wish.kind, 2]),
    );
    const store = await house.store();
    for (const { symbol } of all) assert.equal((await store.history(minutes(symbol))).length, 3, `${symbol} has one version more`);
    const rows = Object.fromEntries(all.map(({ symbol, wish }) => [idOf(minutes(symbol)), rowsOf(symbol, wish)]));
    await assertStore(store, { rows, swept: true });
    await store.close();
  });

  test('A1: the daemon is killed in the middle of a backup, of a compaction ordered by upkeep, and of a vacuum: each is brought to its end', async () => {
    const symbols = ['UPKEEP', 'UPKEPT'];
    await loaded(symbols);
    const place = join(house.folder, 'second');
    const keep = { 'keep.days': 0, 'keep.versions': 1, 'keep.graceHours': 0 };
    const first = await house.start(['UPKEEP commit before', 'backupSeries after']);
    const client = await house.client(keep);
    const compacting = client.upkeep('compact');
    const backing = client.backup(place);
    await first.reached(['UPKEEP commit before', 'backupSeries after']);
    await first.end('SIGKILL');
    const second = await house.start(['vacuum after']);
    const [{ compacted }, { outcome, series }] = await Promise.all([compacting, backing]);
    const folded = compacted.filter(({ series }) => symbols.includes(series.slice(0, 6)));
    assert.deepEqual(folded.map(f => [f.series, f.version, f.error]).sort(), [
      ['UPKEEP 1m', 2, null],
      ['UPKEPT 1m', 2, null],
    ]);
    assert.ok(outcome !== 'partial' && series.length >= symbols.length, `${outcome}: ${series.length} series`);
    const vacuuming = client.upkeep('vacuum');
    await second.reached(['vacuum after']);
    await second.end('SIGKILL');
    await house.serve();
    const { whole } = await vacuuming;
    assert.ok(whole, 'what lies beside the tables was swept');
    await closed();
    await house.assertTables(Object.fromEntries(symbols.map(symbol => [symbol, pages(2)])));
    for (const { faults } of await client.verifyBackup(place)) assert.deepEqual(faults, []);
  });

  function rowsOf(symbol: string, wish: ChangeWish): Bar[] {
    const rows = truthOf(house.exchange, symbol, wish.kind === 'restore' ? FIRST : pages(2));
    if (wish.kind !== 'correct') return rows;
    return rows.map(bar => (bar.ts === CORRECTED ? { ...bar, volume: 1.5, source: 'correction' } : bar));
  }
});

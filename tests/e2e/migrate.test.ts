/** Older collections become series: by the command, by a load that meets one of them, twice, with bad files among them. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { type Tapekeep, TapekeepError } from '../../src/client/index.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { stagedOf, tablesOf } from '../client/cli-run.js';
import { closeAt, csvOf, frameOf, packed, put, Y2023, Y2024 } from '../imports/legacy-files.js';
import { House, minutes } from './house.js';
import { until } from './until.js';

const NAMED = { symbol: 'OLDUSDT', timeframe: '1m' };

const stored = (tk: Tapekeep, symbol: string, to = Y2024 + 30 * DAY) => tk.getOhlcv(symbol, '1m', Y2023, to, { load: 'never' });

describe('older collections', { timeout: 600_000 }, () => {
  let house: House;
  let folder: string;
  before(async () => {
    house = await House.make({ set: { 'worker.batchBars': 2_000 } });
    folder = join(house.folder, 'old');
    mkdirSync(folder);
  });
  afterEach(() => house.leave());
  after(() => house.end());

  test('files become series with their sources, bad ones stop no other, and a dry run leaves nothing', async () => {
    put(folder, 'OLDUSDT/1m/2023.csv.gz', packed(csvOf(Y2023, 60)));
    put(folder, 'OLDUSDT/1m/2023.metadata.json', JSON.stringify({ source: 'archive' }));
    put(folder, 'OLDUSDT/1m/2024.csv.gz', packed(`${csvOf(Y2024, 3_000, [10, 11])}soon,1,1,1,1,1\n`));
    put(folder, 'OLDUSDT/1m/2025.csv.gz', 'no gzip');
    put(folder, 'ETH_USDT-1h.feather', frameOf(Y2024, 48, 60 * MINUTE).writeIPC());
    put(folder, 'mystery.parquet', 'x');
    await house.serve();
    const tk = await house.client();
    const before = tablesOf(house.data);
    const dry = await tk.migrate(folder, { dryRun: true });
    assert.deepEqual([dry.outcome, dry.series.map(s => s.added)], ['partial', [48, 3_058]]);
    assert.deepEqual(tablesOf(house.data), before);
    assert.deepEqual(stagedOf(house.data), []);

    const heard: string[] = [];
    const report = await tk.migrate(folder, {}, { onProgress: p => heard.push(p.words) });
    const [eth, old] = report.series;
    assert.deepEqual([eth?.name, eth?.added, eth?.failed], ['ETH/USDT 1h', 48, []]);
    assert.deepEqual([old?.added, old?.files, old?.refused], [3_058, 2, { 'its time cannot be read': 1 }]);
    assert.match(JSON.stringify(old?.failed), /2025\.csv\.gz.*incorrect header/);
    assert.deepEqual(report.strange, ['mystery.parquet']);
    assert.ok(heard.some(words => /Reading|Looking/.test(words)));

    const frame = await stored(tk, 'OLDUSDT');
    assert.deepEqual(
      [frame.height, frame.getColumn('source').unique().toArray().sort()],
      [3_058, ['archive', 'legacy:OLDUSDT/1m/2024.csv.gz']],
    );
    const table = await tk.tables.open(await tk.find(NAMED));
    assert.deepEqual(table.holdings.coverage, [
      { from: Y2023, to: Y2024 + 10 * MINUTE },
      { from: Y2024 + 12 * MINUTE, to: Y2024 + 3_000 * MINUTE },
    ]);
    const named = (await tk.history(NAMED)).flatMap(e => e.commitInfo?.tapekeep?.lineage.files ?? []);
    assert.deepEqual([...new Set(named.map(f => f.name))].sort(), ['OLDUSDT/1m/2023.csv.gz', 'OLDUSDT/1m/2024.csv.gz']);
    assert.match(named[0]?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(
      stagedOf(house.data).filter(path => !path.startsWith('raw')),
      [],
    );

    const once = tablesOf(house.data);
    const again = await tk.migrate(folder);
    assert.deepEqual(
      again.series.map(s => [s.added, s.known, s.versions]),
      [
        [0, 1, []],
        [0, 2, []],
      ],
    );
    assert.deepEqual(tablesOf(house.data), once);
    const reread = await tk.migrate(folder, { again: true });
    assert.deepEqual(
      reread.series.map(s => [s.added, s.unchanged, s.versions]),
      [
        [0, 48, []],
        [0, 3_058, []],
      ],
    );
    assert.deepEqual(tablesOf(house.data), once);
  });

  test('what is stored stays where an older file says otherwise', async () => {
    await house.serve();
    const tk = await house.client();
    await tk.load({ symbol: 'KEPTUSDT', timeframe: '1m', from: Y2024, to: Y2024 + 200 * MINUTE });
    const before = (await stored(tk, 'KEPTUSDT')).height;
    const other = join(house.folder, 'other');
    put(other, 'KEPTUSDT_1m.parquet', frameOf(Y2024, 300).writeParquet());
    const { series } = await tk.migrate(other);
    const [kept] = series;
    assert.ok(kept && kept.kept > 0, JSON.stringify(series));
    assert.equal(kept.added + before, (await stored(tk, 'KEPTUSDT')).height);
  });

  test('the tables are no older files of themselves, and a folder that is not there is told', async () => {
    await house.serve();
    const tk = await house.client();
    await assert.rejects(tk.migrate(house.data), /lies in the data folder itself/);
    await assert.rejects(tk.migrate(join(house.folder, 'nowhere')), /cannot be taken over: .*ENOENT/);
  });

  test('a daemon that is killed on the way costs nothing: the next one goes on, and every series is there once', async () => {
    const many = join(house.folder, 'many');
    const symbols = Array.from({ length: 25 }, (_, i) => `K${String(i).padStart(2, '0')}USDT`);
    for (const symbol of symbols) put(many, `${symbol}_1m.parquet`, frameOf(Y2024, 500).writeParquet());
    const first = await house.serve();
    const tk = await house.client();
    const report = tk.migrate(many);
    const committed = async () => (await tk.list()).filter(held => symbols.includes(held.series.symbol)).length;
    await until(
      async () => (await committed()) >= 3 || undefined,
      () => 'some series to be committed',
    );
    await first.end('SIGKILL');
    await house.serve();
    const { series, outcome } = await report;
    assert.deepEqual([outcome, series.length], ['done', symbols.length]);
    const held = (await tk.list()).filter(h => symbols.includes(h.series.symbol));
    assert.deepEqual(
      held.map(h => [h.rows, h.version]),
      symbols.map(() => [500, 0]),
    );
  });

  test('a migration that is cancelled keeps what was committed, and the next one brings the rest', async () => {
    const some = join(house.folder, 'some');
    const symbols = Array.from({ length: 25 }, (_, i) => `C${String(i).padStart(2, '0')}USDT`);
    for (const symbol of symbols) put(some, `${symbol}_1m.parquet`, frameOf(Y2024, 500).writeParquet());
    await house.serve();
    const tk = await house.client();
    const stop = new AbortController();
    const cancelled = tk.migrate(some, {}, { signal: stop.signal });
    const there = async () => (await tk.list()).filter(held => symbols.includes(held.series.symbol));
    await until(
      async () => (await there()).length >= 2 || undefined,
      () => 'some series to be committed',
    );
    stop.abort();
    await assert.rejects(cancelled, (e: unknown) => e instanceof TapekeepError && e.code === 'LOAD_CANCELLED');
    const kept = await there();
    assert.ok(kept.length < symbols.length && kept.every(h => h.rows === 500), JSON.stringify(kept.map(h => h.rows)));
    const { series } = await tk.migrate(some);
    assert.deepEqual(
      series.map(s => s.added + s.known * 500),
      symbols.map(() => 500),
    );
  });

  test('a load that first meets a series of the legacy folder takes it over, and fetches only the rest', async () => {
    const legacy = join(house.folder, 'legacy');
    put(legacy, 'METUSDT_1m.parquet', frameOf(Y2024, 1_440).writeParquet());
    await house.start(undefined, { legacy });
    const tk = await house.client({ legacy });
    await tk.load({ symbol: 'METUSDT', timeframe: '1m', from: Y2024, to: Y2024 + 2 * DAY });
    const asked = house.journal('METUSDT');
    assert.ok(asked.length > 0 && asked.every(({ from }) => from >= Y2024 + DAY), JSON.stringify(asked.slice(0, 2)));
    const frame = await stored(tk, 'METUSDT', Y2024 + DAY);
    assert.equal(frame.height, 1_440);
    assert.deepEqual((frame.getColumn('close').toArray() as number[]).slice(0, 3), [0, 1, 2].map(closeAt));
    const { holdings } = await tk.tables.open(minutes('METUSDT'));
    assert.deepEqual(holdings.coverage, [{ from: Y2024, to: Y2024 + 2 * DAY }]);
  });
});

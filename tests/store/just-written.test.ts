/** Quality is counted of bars that were just written, or of the files that hold them: the counts are the same. */
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Bars, barsFrom } from '../../src/model/bars.js';
import type { Market } from '../../src/model/market.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { writeByContent } from '../../src/store/frames/files.js';
import type { MeasureJob, MergeJob } from '../../src/store/frames/jobs.js';
import { measure } from '../../src/store/frames/measure.js';
import { merge } from '../../src/store/frames/merge.js';
import { factsOf } from '../../src/store/frames/pages.js';
import { realIo } from '../../src/store/io.js';
import { NOON, streamOf, T0, testFolder } from './fixture.js';

const MARKET: Market = { calendar: null, tick: 0.01, mayBeNegative: false, statesVolume: true };
const FROM = T0 - DAY;
const DAYS = 2;

/** Two days over the turn of a year, so two files; with a spike, an hour that stands still, volumes that are not stated, and holes. */
function flawed(): Bars {
  const rows = Array.from({ length: (DAYS * DAY) / MINUTE }, (_, i) => {
    const still = i > 300 && i < 420;
    const close = i === 1_000 || i === 2_000 ? 300 : still ? 100 : 100 + Math.sin(i / 7) + (i % 5) / 10;
    const volume = still ? Number.NaN : i % 90 === 0 ? 0 : 2;
    return {
      ts: FROM + i * MINUTE,
      open: close,
      high: still ? 100 : close + 1,
      low: still ? 100 : close - 1,
      close,
      volume,
      source: 'test',
    };
  });
  return barsFrom(rows.filter((_, i) => i < 1_200 || (i > 1_230 && i < 2_500) || i > 2_520));
}

test('what was just written is counted without reading it, and as it is counted from its files', async t => {
  const folder = await testFolder(t);
  const bars = flawed();
  const input = { kind: 'stream', ...(await writeByContent(realIo, folder, 'arrow', streamOf(bars))), ...factsOf(bars) } as const;
  const answered = [{ from: FROM, to: FROM + DAYS * DAY }];
  const job: MergeJob = {
    series: 'BTC/USDT 1m',
    inputs: [input],
    files: [],
    held: [],
    answered,
    timeframe: '1m',
    rule: 'newer',
    sliceRows: 100_000,
    outFolder: join(folder, 'out'),
  };
  const { candidates } = await merge(realIo, job);
  assert.equal(candidates.length, 2);
  const counting: MeasureJob = {
    files: candidates,
    touched: answered,
    timeframe: '1m',
    market: MARKET,
    holdings: { coverage: answered, ledger: [] },
    now: NOON,
  };
  for (const { file } of candidates) await rename(file, `${file}.away`);
  const fresh = await measure(realIo, counting);
  for (const { file } of candidates) await rename(`${file}.away`, file);
  const read = await measure(realIo, counting);
  assert.deepEqual(fresh, read);
  const sum = (of: 'spikes' | 'flat' | 'zeroVolume' | 'rows') => fresh.sessions.reduce((n, session) => n + session[of], 0);
  assert.equal(fresh.sessions.length, DAYS);
  assert.deepEqual([sum('rows'), sum('spikes')], [bars.ts.length, 2]);
  assert.ok(sum('flat') > 0 && sum('zeroVolume') > 0);
  for (const { file } of candidates) await rename(file, `${file}.away`);
  await assert.rejects(measure(realIo, counting), 'what was counted is let go');
});

/** What may not be in a table is refused, each time with its reason. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import pl from 'nodejs-polars';
import { type Bar, barsFrom } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { writeByContent } from '../../src/store/frames/files.js';
import type { Candidate, Held, ValidateJob } from '../../src/store/frames/jobs.js';
import { factsOf } from '../../src/store/frames/pages.js';
import { validate } from '../../src/store/frames/validate.js';
import { writeBars } from '../../src/store/frames/write-parquet.js';
import { realIo } from '../../src/store/io.js';
import { T0, testFolder } from './fixture.js';

const good = (ts: number): Bar => ({ ts, open: 1, high: 3, low: 1, close: 2, volume: 1, turnover: 2, trades: 1, source: 'test' });

async function candidateOf(t: TestContext, rows: readonly Bar[], change: Partial<Candidate> = {}): Promise<Candidate> {
  const made = barsFrom(rows);
  return {
    ...(await writeByContent(realIo, await testFolder(t), 'parquet', await writeBars(made))),
    ...factsOf(made),
    replaces: null,
    ...change,
  };
}

const judge = (candidates: readonly Candidate[], change: Partial<ValidateJob> = {}) =>
  validate(realIo, { candidates, beside: [], answered: [{ from: T0, to: T0 + 100 * MINUTE }], timeframe: '1m', ...change });

const refusedFor = (reason: string) => (error: unknown) => {
  assert.ok(isTapekeepError(error, 'CANDIDATE_REFUSED'), String(error));
  assert.equal(error.facts.reason, reason);
  return true;
};

test('good bars pass, and so do bars with little said', async t => {
  const little = { ts: T0 + MINUTE, close: 2, source: 'test' };
  assert.deepEqual(await judge([await candidateOf(t, [good(T0), little, good(T0 + 2 * MINUTE)])]), { rows: 3 });
});

const REFUSED: Record<string, readonly Bar[]> = {
  'in 1 bars the high is not the highest': [good(T0), { ...good(T0 + MINUTE), close: 4 }],
  'in 2 bars the high is not the highest': [
    { ...good(T0), open: 3.5 },
    { ...good(T0 + MINUTE), high: 0.5, low: 1 },
  ],
  'in 1 bars the low is not the lowest': [{ ...good(T0), open: 0.5 }],
  'in 1 bars there is no close': [{ ...good(T0), close: null }],
  'in 1 bars a price, volume or turnover is not a finite number': [{ ...good(T0), high: Number.POSITIVE_INFINITY }],
  'in 1 bars the volume is negative': [{ ...good(T0), volume: -1 }],
  'bar 2024-01-01T00:00:30.000Z does not open where a 1m bar can open': [good(T0 + 30_000)],
  'bar 2024-01-01T01:40:00.000Z lies outside what was answered': [good(T0 + 100 * MINUTE)],
  'bar 2024-01-01T00:01:00.000Z is out of order or there twice': [good(T0), good(T0 + MINUTE), good(T0 + MINUTE), good(T0 + 2 * MINUTE)],
};
for (const [reason, rows] of Object.entries(REFUSED)) {
  test(`refused: ${reason}`, async t => {
    await assert.rejects(judge([await candidateOf(t, rows)]), refusedFor(reason));
  });
}

test('refused: another number of bars than were written, other first and last ones', async t => {
  const rows = [good(T0), good(T0 + MINUTE)];
  await assert.rejects(judge([await candidateOf(t, rows, { rows: 3 })]), refusedFor('it holds 2 bars, 3 were written'));
  const moved = await candidateOf(t, rows, { last: T0 + 2 * MINUTE });
  await assert.rejects(judge([moved]), refusedFor('its first or last bar is not the one that was written'));
});

async function parquetOf(t: TestContext, frame: pl.DataFrame, facts: { rows: number; first: number; last: number }): Promise<Candidate> {
  const bytes = frame.writeParquet();
  return { ...(await writeByContent(realIo, await testFolder(t), 'parquet', bytes)), ...facts, replaces: null };
}

const onePlain = (t: TestContext) => candidateOf(t, [good(T0)]);
const FACTS = { rows: 1, first: T0, last: T0 };

test('refused: other columns', async t => {
  const odd = pl.readParquet((await onePlain(t)).file).drop('trades');
  const reason = 'it has the columns ts, open, high, low, close, volume, turnover, source';
  await assert.rejects(judge([await parquetOf(t, odd, FACTS)]), refusedFor(reason));
});

test('refused: a NaN that is written down, which is not the same as nothing said', async t => {
  const odd = pl.readParquet((await onePlain(t)).file).withColumn(pl.lit(Number.NaN).alias('turnover'));
  const reason = 'in 1 bars a price, volume or turnover is not a finite number';
  await assert.rejects(judge([await parquetOf(t, odd, FACTS)]), refusedFor(reason));
});

test('refused: a bar without a time', async t => {
  const plain = pl.readParquet((await onePlain(t)).file);
  const odd = plain.withColumn(pl.col('ts').shift(1));
  await assert.rejects(judge([await parquetOf(t, odd, FACTS)]), refusedFor('a bar has no time'));
});

const heldOf = (c: Candidate): Held => ({ path: 'there.parquet', ...c });

test('refused: a bar that another file of the table holds, or another candidate', async t => {
  const one = await candidateOf(t, [good(T0), good(T0 + 5 * MINUTE)]);
  const other = await candidateOf(t, [good(T0 + 3 * MINUTE), good(T0 + 5 * MINUTE)]);
  const reason = 'bar 2024-01-01T00:05:00.000Z would be in two files';
  await assert.rejects(judge([one], { beside: [heldOf(other)] }), refusedFor(reason));
  await assert.rejects(judge([one, other]), refusedFor(reason));
});

test('files may overlap in time as long as no bar is in two', async t => {
  const one = await candidateOf(t, [good(T0), good(T0 + 5 * MINUTE)]);
  const other = await candidateOf(t, [good(T0 + 3 * MINUTE), good(T0 + 6 * MINUTE)]);
  const late = await candidateOf(t, [good(T0 + 50 * MINUTE)]);
  assert.deepEqual(await judge([late, one], { beside: [heldOf(other)] }), { rows: 3 });
});

test('a rewritten file keeps bars from outside of what was answered now', async t => {
  const rewritten = await candidateOf(t, [good(T0 - MINUTE), good(T0)], { replaces: 'old.parquet' });
  assert.deepEqual(await judge([rewritten]), { rows: 2 });
});

test('a candidate that changed since it was written is damaged, not refused', async t => {
  const changed = await candidateOf(t, [good(T0)], { sha256: '0'.repeat(64) });
  await assert.rejects(judge([changed]), error => isTapekeepError(error, 'FILE_DAMAGED'));
});

test('days open at midnight, months on their first', async t => {
  const step = 31 * 24 * 60 * MINUTE;
  const february = { answered: [{ from: T0, to: T0 + 100 * step }], timeframe: '1mo' } as const;
  assert.deepEqual(await judge([await candidateOf(t, [good(T0), good(T0 + step)])], february), { rows: 2 });
  const reason = 'bar 2024-03-03T00:00:00.000Z does not open where a 1mo bar can open';
  await assert.rejects(judge([await candidateOf(t, [good(T0 + 2 * step)])], february), refusedFor(reason));
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTapekeepError } from '../../../src/model/errors.js';
import { DAY, HOUR } from '../../../src/model/timeframe.js';
import { createAlphaVantage } from '../../../src/providers/alpha-vantage/alpha-vantage.js';
import { createBudget } from '../../../src/providers/http/index.js';
import { openBudgets } from '../../../src/worker/budgets.js';
import { answerAlphaVantage } from '../../emulators/alpha-vantage/alpha-vantage.js';
import { emulated, keyOf, never } from '../emulation.js';

const NOON = Date.UTC(2024, 2, 4, 12);

test('D15: a day has so many requests, each source its own, and the next day has them anew', () => {
  let now = NOON;
  const budget = createBudget(
    {},
    () => now,
    () => {},
  );
  const take = (source: string) => budget.take(source, 2);
  assert.deepEqual([take('a'), take('a'), take('a'), take('b')], [0, 0, 12 * HOUR, 0]);
  now += 12 * HOUR;
  assert.deepEqual([take('a'), take('constructor')], [0, 0]);
});

test('D15: a restart does not begin the day anew; a file that cannot be read counts nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-budgets-'));
  try {
    const again = (now = NOON) => openBudgets(folder, () => now).take('alpha-vantage', 2);
    assert.deepEqual([again(), again(), again()], [0, 0, 12 * HOUR]);
    assert.equal(again(NOON + DAY), 0);
    for (const broken of ['', '{', 'null', '[]', '{"alpha-vantage":{"day":"x"}}', '{"alpha-vantage":null}']) {
      writeFileSync(join(folder, '.tapekeep', 'budgets.json'), broken);
      assert.equal(again(), 0);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('D1: what is over the requests of a day is not asked, and told with the time until there are new ones', async () => {
  const settings = { truth: () => undefined, key: 'key', premium: true, symbols: { ACME: { first: 0 } } };
  const e = await emulated(
    NOON,
    ({ url, now }) => answerAlphaVantage(settings, now, url),
    (baseUrl, world) => {
      const budget = createBudget({}, world.now, () => {});
      return createAlphaVantage({ baseUrl, perMinute: 60_000, perDay: 1, settleMs: 0, key: keyOf('key') }, { ...world, budget });
    },
  );
  await e.provider.listing('ACME', never());
  await assert.rejects(
    Promise.resolve(e.provider.events?.('ACME', { from: 0, to: NOON }, never())),
    error => isTapekeepError(error, 'RATE_LIMITED') && error.facts.waitMs === 12 * HOUR,
  );
  assert.equal(e.requests(), 1);
  await e.release();
});

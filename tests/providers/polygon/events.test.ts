import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { DAY } from '../../../src/model/timeframe.js';
import { fixtureJson, noFixtures } from '../../fixtures.js';
import { never, releaseAll } from '../emulation.js';
import { polygon } from './scene.js';

afterEach(releaseAll);

type Events = { readonly results: readonly { readonly ticker: string }[] };
const EVER = { from: 0, to: 30_000 * DAY };

describe('recorded events of Polygon', { skip: noFixtures }, () => {
  test('splits: twenty new shares for one, four for three, one for two', async () => {
    const { results } = fixtureJson('polygon/splits.json') as Events;
    const e = await polygon({ splits: results });
    for (const [symbol, date, ratio] of [
      ['GOOGL', Date.UTC(2022, 6, 18), 20],
      ['CIG.C', Date.UTC(2022, 4, 2), 4 / 3],
      ['BRW', Date.UTC(2022, 4, 20), 1 / 2],
    ] as const)
      assert.deepEqual(await e.provider.events?.(symbol, EVER, never()), [{ kind: 'split', date, ratio }]);
  });

  test('dividends, from old to new', async () => {
    const { results } = fixtureJson('polygon/dividends.json') as Events;
    const e = await polygon({ dividends: results, listRows: 3 });
    const events = (await e.provider.events?.('CSSEN', EVER, never())) ?? [];
    assert.equal(events.length, results.filter(r => r.ticker === 'CSSEN').length);
    assert.deepEqual(events.at(-1), { kind: 'dividend', date: Date.UTC(2025, 5, 12), amount: 0.59375, currency: 'USD' });
    assert.ok(events.every((event, i) => i === 0 || event.date > (events[i - 1]?.date ?? 0)));
  });
});

/** What a load does while its source is away: another stands in, or it waits and says for whom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/client';
import type { Progress } from '../../src/model/progress.js';
import { until } from '../e2e/until.js';
import { batchesOf, causeOf, fetchedFrom, reportOf, stageFor, wellGoing } from './stage.js';

const away = (provider: string, waitMs: number) =>
  ApplicationFailure.nonRetryable(`${provider} is left alone`, 'BREAKER_OPEN', { provider, waitMs });
const WAITING = () => 'the load to say that it waits';
const refused = (provider: string) => ApplicationFailure.nonRetryable(`${provider} refuses the key`, 'KEY_REFUSED', { provider });

test('D2, D15, D17: a load whose source is away goes on with another, or waits', async t => {
  const stage = await stageFor(t);

  await t.test('D17: failover with half of the segments done: each keeps its source, and the report tells them apart', async () => {
    const seen: string[] = [];
    const steps = {
      ...wellGoing(batchesOf(1, 6), ['second']),
      fetch: async ({ provider }: { provider: string }, _plan: string, index: number) => {
        if (provider === 'first' && index >= 3) throw away('first', 3_600_000);
        return fetchedFrom(provider, index);
      },
      merge: async (_order: unknown, _plan: string, _batch: unknown, fetched: readonly { index: number; provider: string }[]) => {
        seen.push(...fetched.map(f => `${f.index} ${f.provider}`));
        return { proposal: 'p', added: 60, replaced: 0, unchanged: 0 };
      },
    };
    const report = await stage.load('half', steps, reportOf);
    assert.deepEqual(seen.sort(), ['0 first', '1 first', '2 first', '3 second', '4 second', '5 second']);
    assert.deepEqual([report.outcome, report.stoodIn], ['done', { second: 30 }]);
  });

  await t.test(
    'D17: both sources are away: the load waits for the one that is back sooner, says until when, and then goes on',
    async () => {
      let back = false;
      const steps = {
        ...wellGoing(batchesOf(1, 1), ['second']),
        fetch: async ({ provider }: { provider: string }, _plan: string, index: number) => {
          if (!back || provider === 'first') throw away(provider, provider === 'first' ? 3_600_000 : 3_000);
          return fetchedFrom(provider, index);
        },
      };
      const report = await stage.load('both', steps, async load => {
        const waiting = await until(async () => {
          const progress = await load.query<Progress>('progress');
          return progress.words.startsWith('Waiting') ? progress : undefined;
        }, WAITING);
        assert.match(waiting.words, /^Waiting for second until \d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
        assert.equal(waiting.why, 'second is left alone');
        assert.deepEqual([waiting.state, waiting.estimatedEnd], ['running', null]);
        back = true;
        return reportOf(load);
      });
      assert.deepEqual([report.outcome, report.stoodIn], ['done', { second: 10 }]);
    },
  );

  await t.test(
    'D15: a key that is refused is not tried again: another source serves, and without one the load ends with that',
    async () => {
      const asked: string[] = [];
      const fetch = async ({ provider }: { provider: string }, _plan: string, index: number) => {
        asked.push(provider);
        if (provider === 'first') throw refused('first');
        return fetchedFrom(provider, index);
      };
      const report = await stage.load('keyless', { ...wellGoing(batchesOf(1, 1), ['second']), fetch }, reportOf);
      assert.deepEqual([report.stoodIn, asked], [{ second: 10 }, ['first', 'second']]);
      const alone = stage.load('alone', { ...wellGoing(batchesOf(1, 1)), fetch }, reportOf);
      await assert.rejects(alone, error => /refuses the key/.test(causeOf(error)));
      assert.deepEqual(asked, ['first', 'second', 'first']);
    },
  );

  await t.test('D2: a load that waits for hours is cancelled at once, and what was fetched is committed', async () => {
    const steps = {
      ...wellGoing(batchesOf(1, 2)),
      fetch: async ({ provider }: { provider: string }, _plan: string, index: number) => {
        if (index === 1) throw away(provider, 36_000_000);
        return fetchedFrom(provider, index);
      },
    };
    const status = await stage.load('waits', steps, async load => {
      await until(async () => (await load.query<Progress>('progress')).words.startsWith('Waiting') || undefined, WAITING);
      await load.cancel();
      await assert.rejects(load.result());
      return load.query<{ report: { outcome: string; added: number } }>('status');
    });
    assert.deepEqual([status.report.outcome, status.report.added], ['cancelled', 10]);
  });

  await t.test('a failure in one lane ends the waiting of the others', async () => {
    let waiting = false;
    const steps = {
      ...wellGoing(batchesOf(1, 2)),
      fetch: async ({ provider }: { provider: string }, _plan: string, index: number) => {
        if (index === 0) throw away(provider, 36_000_000);
        await until(
          () => waiting || undefined,
          () => 'the other lane',
        );
        throw ApplicationFailure.nonRetryable('there is no such symbol', 'SYMBOL_UNKNOWN', { symbol: 'X', waitMs: 1_000 });
      },
    };
    await stage.load('lanes', steps, async load => {
      await until(async () => (await load.query<Progress>('progress')).words.startsWith('Waiting') || undefined, WAITING);
      waiting = true;
      await assert.rejects(load.result(), error => /no such symbol/.test(causeOf(error)));
    });
  });

  await t.test('what is missing waits as well when the source is away before anything is planned', async () => {
    let tries = 0;
    const well = wellGoing(batchesOf(1, 1));
    const steps = {
      ...well,
      gaps: async () => {
        if (++tries === 1) throw away('first', 200);
        return { note: 'n', gaps: 1, bars: 10, interval: { from: 0, to: 1 } };
      },
    };
    const report = await stage.load('early', steps as typeof well, reportOf);
    assert.deepEqual([report.outcome, tries], ['done', 2]);
  });
});

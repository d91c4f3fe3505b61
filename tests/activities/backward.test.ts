/** A source that answers from the newest bar to the oldest, as brokers do, makes the table that any other makes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { fail } from '../../src/model/errors.js';
import { interval } from '../../src/model/interval.js';
import { MINUTE } from '../../src/model/timeframe.js';
import type { Page, Provider } from '../../src/providers/provider.js';
import { readAll } from '../faults/assert-store.js';
import { loadOnce } from './load.js';
import { type Script, scripted, sources } from './scripted.js';
import { loadWorld, orderOf, START } from './world.js';

const SPAN = interval(START, START + 300 * MINUTE);
const DEPTH = START + 100 * MINUTE;

/** The first hundred minutes are older than the broker keeps; some later ones had no trade, also where two pages meet. */
const BROKER: Script = {
  name: 'broker',
  has: ts => ts >= DEPTH && ![30, 31, 100, 150].includes((ts - DEPTH) / MINUTE),
  spoil: (_, page) =>
    page.verdict === 'empty' && page.answered.to <= DEPTH ? { ...page, verdict: 'beyond_depth', evidence: 'older than it keeps' } : page,
};

/** The same pages, the newest first; the nth request of all may fail. */
function backwards(provider: Provider, failing = 0, requests = { made: 0 }): Provider {
  return {
    ...provider,
    serves: { ...provider.serves, direction: 'backward' },
    async *pages(ask, from, signal) {
      const pages: Page[] = [];
      for await (const page of provider.pages(ask, null, signal)) pages.unshift(page);
      for (let i = from === null ? 0 : Number(from); i < pages.length; i++) {
        requests.made += 1;
        if (requests.made === failing) throw fail('PROVIDER_DOWN', { provider: provider.name });
        yield { ...(pages[i] as Page), next: i + 1 < pages.length ? i + 1 : null };
      }
    },
  };
}

const order = orderOf(SPAN, { provider: 'broker' });

test('pages from new to old make the bars, coverage and absences that pages from old to new make', async t => {
  const tables = [];
  for (const provider of [scripted(BROKER).provider, backwards(scripted(BROKER).provider)]) {
    const world = await loadWorld(t, {}, sources({ provider }));
    assert.equal((await loadOnce(world, order)).added, 196);
    const table = await world.store.open(order.series);
    tables.push({ bars: await readAll(world.store, table), holdings: table.holdings });
  }
  assert.deepEqual(tables[1], tables[0]);
  assert.deepEqual(
    tables[0]?.holdings.ledger.filter(absence => absence.reason === 'out_of_reach').map(({ from, to }) => [from, to]),
    [[START, DEPTH]],
    'older than the source keeps is beyond its depth, never a gap',
  );
});

test('pages from new to old go on behind the last one after a failure', async t => {
  const requests = { made: 0 };
  const world = await loadWorld(t, {}, sources({ provider: backwards(scripted(BROKER).provider, 2, requests) }));
  await assert.rejects(loadOnce(world, order), error => error instanceof ApplicationFailure && error.type === 'PROVIDER_DOWN');
  assert.equal((await loadOnce(world, order)).added, 196);
  assert.equal(requests.made, 4, 'three pages and the one that failed');
});

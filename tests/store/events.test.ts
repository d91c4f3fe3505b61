import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import type { EventsOf, MarketEvent } from '../../src/model/events.js';
import { inlineFrames, openStore } from '../../src/store/index.js';

const OF: EventsOf = { dataset: 'main', assetClass: 'stock', symbol: 'BRK.B' };
const day = (n: number): number => Date.UTC(2024, 0, 1 + n);
const split = (n: number, ratio: number, source = 'one'): MarketEvent => ({ kind: 'split', date: day(n), ratio, source });

async function sceneOf(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'tapekeep-events-'));
  const open = () => openStore({ root, frames: inlineFrames(), now: () => 1_700_000_000_000 });
  const store = await open();
  t.after(async () => {
    await store.close();
    await rm(root, { recursive: true, force: true });
  });
  const folder = join(root, 'main', 'stock', 'BRK.B', '_events');
  return { store, open, folder, put: (events: MarketEvent[], replace = false) => store.putEvents({ of: OF, events, replace, by: 'test' }) };
}

test('events are kept version by version, each a file of its own; told again they change nothing', async t => {
  const { store, folder, put } = await sceneOf(t);
  assert.equal(await store.events(OF), undefined);
  assert.deepEqual(await put([split(3, 4)]), { version: 0, added: 1, changed: 0, removed: 0, events: 1 });
  assert.deepEqual(await put([split(3, 5), split(1, 2)]), { version: 1, added: 1, changed: 1, removed: 0, events: 2 });
  assert.deepEqual(await put([split(1, 2)]), { version: 1, added: 0, changed: 0, removed: 0, events: 2 });
  assert.deepEqual((await store.events(OF))?.events, [split(1, 2), split(3, 5)]);
  assert.deepEqual((await store.events(OF, 0))?.events, [split(3, 4)], 'the earlier version is there');
  assert.equal(readdirSync(folder).length, 2);
  assert.deepEqual(await store.list(), [], 'they are no series');
});

test('what a source told before is forgotten when it is to be replaced, and that of others is not', async t => {
  const { store, put } = await sceneOf(t);
  await put([split(1, 2), split(2, 2)]);
  await put([split(3, 2, 'hand')]);
  assert.deepEqual(await put([split(2, 3)], true), { version: 2, added: 0, changed: 1, removed: 1, events: 2 });
  assert.deepEqual((await store.events(OF))?.events, [split(2, 3), split(3, 2, 'hand')]);
});

test('two who write at once lose nothing of each other', async t => {
  const { store, open, put } = await sceneOf(t);
  const other = await open();
  t.after(() => other.close());
  await Promise.all(
    Array.from({ length: 10 }, (_, i) => (i % 2 ? other.putEvents({ of: OF, events: [split(i, 2)], by: 'test' }) : put([split(i, 2)]))),
  );
  assert.deepEqual(
    (await store.events(OF))?.events,
    Array.from({ length: 10 }, (_, i) => split(i, 2)),
  );
  assert.equal((await store.events(OF))?.version, 9);
});

test('a file that was changed since is refused by its name', async t => {
  const { store, folder, put } = await sceneOf(t);
  await put([split(1, 2)]);
  const file = join(folder, readdirSync(folder)[0] as string);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"ratio":2', '"ratio":3'));
  await assert.rejects(store.events(OF), e => isTapekeepError(e, 'FILE_DAMAGED') && /_events\/0+\.json/.test(e.message));
  writeFileSync(file, '{');
  await assert.rejects(put([split(1, 2)]), e => isTapekeepError(e, 'FILE_DAMAGED'));
});

test('a name that is no folder is refused before anything is touched', async t => {
  const { store } = await sceneOf(t);
  await assert.rejects(store.putEvents({ of: { ...OF, symbol: '../../x' }, events: [split(1, 2)], by: 'test' }), e =>
    isTapekeepError(e, 'SYMBOL_INVALID'),
  );
});

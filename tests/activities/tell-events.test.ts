/** Splits and dividends that a source tells come with its bars, and never hinder them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../../src/model/errors.js';
import { interval } from '../../src/model/interval.js';
import { DAY } from '../../src/model/timeframe.js';
import { providersFrom } from '../../src/providers/index.js';
import type { Provider, SourceEvent } from '../../src/providers/provider.js';
import { attemptOf, loadWorld, NOW, orderOf } from './world.js';

const OF = { dataset: 'main', assetClass: 'stock', symbol: 'ACME' } as const;
const ORDER = orderOf(interval(0, 1), { series: { ...OF, timeframe: '1d' }, provider: 'teller' });

const teller = (events: NonNullable<Provider['events']>): Provider => ({ name: 'teller', events }) as Provider;

test('events are kept beside the bars with their source, once however often they are told', async t => {
  const told: SourceEvent[] = [
    { kind: 'split', date: NOW - 400 * DAY, ratio: 4 },
    { kind: 'dividend', date: NOW - 30 * DAY, amount: 0.25, currency: 'USD' },
  ];
  const asked: unknown[] = [];
  const source = teller(async (symbol, within) => {
    asked.push([symbol, within.to]);
    return told;
  });
  const { steps, store } = await loadWorld(t, {}, providersFrom([source]));
  assert.equal(await attemptOf(steps.tellEvents, ORDER).result, 2);
  assert.equal(await attemptOf(steps.tellEvents, ORDER).result, 0, 'told again, nothing changes');
  assert.deepEqual(asked[0], ['ACME', NOW + DAY]);
  const held = await store.events(OF);
  assert.deepEqual(
    held?.events.map(e => [e.kind, e.source]),
    [
      ['split', 'teller'],
      ['dividend', 'teller'],
    ],
  );
});

test('a source that fails to tell hinders no load, and one that tells of none is not asked', async t => {
  const failing = teller(async () => {
    throw fail('PROVIDER_DOWN', { provider: 'teller', series: 'ACME 1d', reason: 'it is down' });
  });
  const { steps, store, house } = await loadWorld(t, {}, providersFrom([failing]));
  const said: string[] = [];
  Object.assign(house, { tell: (what: string) => said.push(what) });
  assert.equal(await attemptOf(steps.tellEvents, ORDER).result, 0);
  assert.deepEqual(said, ['events could not be had']);
  assert.equal(await store.events(OF), undefined);
  Object.assign(house, { providers: providersFrom([{ name: 'teller' } as Provider]) });
  assert.equal(await attemptOf(steps.tellEvents, ORDER).result, 0);
});

test('D2: a source that rests is not asked for events', async t => {
  let asked = 0;
  const source = teller(async () => {
    asked++;
    return [];
  });
  const { steps, house } = await loadWorld(t, {}, providersFrom([source]));
  for (let i = 0; i < 8; i++) house.health.note('teller', false, 10, 'PROVIDER_DOWN');
  assert.equal(await attemptOf(steps.tellEvents, ORDER).result, 0);
  assert.equal(asked, 0);
});

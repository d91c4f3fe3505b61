/** Requests stay within the life of the instrument, and what lies outside has a reason. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { boundsOf } from '../../src/activities/sources/life.js';
import { readCalendars } from '../../src/calendars.js';
import { instrumentsFrom } from '../../src/instruments/parse.js';
import { fail } from '../../src/model/errors.js';
import { interval } from '../../src/model/interval.js';
import type { LoadOrder } from '../../src/model/load.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { providersFrom } from '../../src/providers/index.js';
import { loadOnce } from './load.js';
import { scripted } from './scripted.js';
import { loadWorld, NOW, orderOf } from './world.js';

const LIST = `instruments:
  - id: young-corp
    name: Young
    asset_class: stock
    calendar: XASX
    currency: AUD
    tickers: [YNG]
    providers: {simulated: YNG.SIM}
    first_trade: {date: 2024-02-05, known_from: the exchange}
    last_trade: {date: 2024-04-10, known_from: a notice}
`;
const series = { dataset: 'main', assetClass: 'stock', symbol: 'YNG', timeframe: '1h' } as const;
const FROM = Date.UTC(2024, 0, 15);
const xasx = readCalendars().get('XASX').as({ anchor: 'clock' });

async function listedWorld(t: TestContext, list = LIST) {
  const world = await loadWorld(t, { pageBars: 500, outages: [] }, undefined, {
    instruments: instrumentsFrom('mine.yaml', list),
    calendarOf: () => xasx,
  });
  let loads = 0;
  const load = (from: number | null, to: number | null = null, house = world) => {
    const order: LoadOrder = {
      ...orderOf(interval(0, 1), { series, load: `01HV0000000000000000000${String(++loads).padStart(3, '0')}` }),
      span: { from, to },
    };
    return loadOnce(house, order);
  };
  return { ...world, load };
}

const OPEN = xasx.sessions(interval(Date.UTC(2024, 1, 5), Date.UTC(2024, 1, 6)))[0]?.segments[0]?.from as number;
const CLOSE = xasx.sessions(interval(Date.UTC(2024, 3, 10), Date.UTC(2024, 3, 11)))[0]?.segments.at(-1)?.to as number;

test('nothing is asked before the first session or after the last, and the provider is asked by its own name for it', async t => {
  const world = await listedWorld(t);
  await world.load(FROM, NOW);
  const asked = world.asked();
  assert.equal(
    Math.min(...asked.map(a => a.from)),
    xasx.next(OPEN - HOUR, '1h'),
    'the first session begins on the evening before its date',
  );
  assert.ok(Math.max(...asked.map(a => a.to)) <= CLOSE + HOUR);
  assert.deepEqual([...new Set(asked.map(a => a.symbol))], ['YNG.SIM']);
  const { ledger } = (await world.store.open(series)).holdings;
  const spoken = ledger.filter(a => a.reason === 'before_listing' || a.reason === 'after_delisting');
  assert.deepEqual(
    [...new Set(spoken.map(a => `${a.reason} ${a.evidence} ${a.next}`))],
    ['before_listing', 'after_delisting'].map(
      reason =>
        `${reason} the list of instruments: young-corp, first traded 2024-02-05 (the exchange), last traded 2024-04-10 (a notice) null`,
    ),
  );
  assert.ok(spoken.every(a => a.to <= OPEN || a.from >= CLOSE));
  assert.equal((await world.load(FROM, NOW)).version, null, 'a second load has nothing to do');
});

test('without a span it is the whole life and no more', async t => {
  const world = await listedWorld(t);
  await world.load(null);
  const { holdings, snapshot } = await world.store.open(series);
  assert.deepEqual(
    holdings.ledger.filter(a => a.reason !== 'no_trade'),
    [],
  );
  assert.equal(
    [...snapshot.files.values()].reduce((n, f) => n + f.rows, 0),
    xasx.count(interval(OPEN - HOUR, CLOSE), '1h'),
  );
  world.setNow(NOW + 30 * DAY);
  assert.equal((await world.load(null)).version, null);
});

test('when the list says otherwise, what it excluded is asked for after all', async t => {
  const world = await listedWorld(t);
  await world.load(FROM, NOW);
  const before = world.asked().length;
  Object.assign(world.house, { instruments: instrumentsFrom('mine.yaml', LIST.replace('2024-02-05', '2024-01-29')) });
  const again = await world.load(FROM, NOW);
  assert.equal(again.added, xasx.count(interval(Date.UTC(2024, 0, 28, 12), OPEN), '1h'));
  assert.ok(
    world
      .asked()
      .slice(before)
      .every(a => a.to <= OPEN + HOUR),
  );
  assert.equal((await world.load(FROM, NOW)).version, null);
});

test('a source that fails while a listing is asked for names the series that is wanted, not what it was asked by', async t => {
  const { provider } = scripted({ has: () => true });
  const listing = async () => {
    throw fail('NETWORK_FAILED', { provider: 'scripted', series: 'BTCUSDT 1m', reason: 'it hung up' });
  };
  const { house } = await loadWorld(t, {}, providersFrom([{ ...provider, listing }]));
  const order = orderOf(interval(0, 1), { provider: 'scripted', series: { ...series, symbol: 'BTCUSDT', timeframe: '4h' } });
  await assert.rejects(boundsOf(house, order, undefined, new AbortController().signal), /the way to scripted failed for BTCUSDT 4h/);
});

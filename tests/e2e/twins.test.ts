/** One series, many who ask for it: there is never a second load beside the first. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Interval } from '../../src/model/interval.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { House, minutes, pages, START } from './house.js';
import { assertAskedOnce } from './journal.js';
import { until } from './until.js';

/** Whether a bar of that length is over at about this moment. */
const isNear = (length: number): boolean => (Date.now() + 5 * MINUTE) % length < 6 * MINUTE;

const HOLDS = ['ONE merge before', 'MORE fetch 1 before', 'OPEN merge before', 'TAIL gaps after'];

describe('one series is asked for by many', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make();
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const requestOf = (symbol: string, { from, to }: Interval) => ({ symbol, timeframe: '1m', from, to });

  async function commitsOf(symbol: string): Promise<number> {
    const store = await house.store();
    const history = await store.history(minutes(symbol));
    await store.close();
    return history.length;
  }

  test('C1: of five callers at once one starts the load and the others join it', async () => {
    const daemon = await house.serve(HOLDS);
    const callers = await Promise.all(Array.from({ length: 5 }, () => house.client()));
    const all = Promise.all(callers.map(client => client.load(requestOf('ONE', pages(6)))));
    await daemon.reached(['ONE merge before']);
    const [late] = await callers[0]!.submit(requestOf('ONE', pages(3)));
    assert.equal(late?.how, 'joined', 'a part of it is served by it as well');
    daemon.release('ONE merge before');
    const loads = (await all).flat();
    assert.deepEqual(loads.map(loaded => loaded.how).sort(), ['joined', 'joined', 'joined', 'joined', 'started']);
    assert.equal(new Set(loads.map(loaded => loaded.load)).size, 1, 'all tell of the same load');
    const listed = await until(
      async () => {
        const rows = await callers[0]!.loads(1_000, { symbol: 'ONE' });
        return rows.length > 0 ? rows : undefined;
      },
      () => 'the load to be listed',
    );
    assert.equal(listed.length, 1);
    assert.equal(await commitsOf('ONE'), 1);
    await house.assertTables({ ONE: pages(6) });
    assertAskedOnce(house.journal('ONE'));
    const store = await house.store();
    assert.deepEqual((await store.openLoads()).loads, [], 'no order is left open');
    await store.close();
  });

  test('C1: a caller with another interval extends the load, and both are told of the whole', async () => {
    const daemon = await house.serve(HOLDS);
    const [first, second] = [await house.client(), await house.client()];
    const one = first.load(requestOf('MORE', pages(4)));
    await daemon.reached(['MORE fetch 1 before']);
    const wider = { from: START, to: START + 12 * HOUR };
    const two = second.load(requestOf('MORE', wider));
    daemon.release('MORE fetch 1 before');
    const [[a], [b]] = await Promise.all([one, two]);
    assert.deepEqual([a?.how, b?.how], ['started', 'extended']);
    assert.equal(a?.load, b?.load);
    await house.assertTables({ MORE: wider });
    assertAskedOnce(house.journal('MORE'));
  });

  test('C1: an order for bars that were still to come when a load was planned is not taken for a part of it', async t => {
    if (isNear(DAY)) return t.skip('bars of every length turn at midnight');
    const [timeframe, length] = isNear(HOUR) ? ['1d', DAY] : ['1h', HOUR];
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    const request = { symbol: 'OPEN', timeframe, from: Math.floor(Date.now() / length) * length - 12 * length };
    const first = client.load(request);
    await daemon.reached(['OPEN merge before']);
    const [same] = await client.submit(request);
    assert.equal(same?.how, 'joined', 'a moment later there is nothing more to be had');
    const [later] = await client.submit({ ...request, to: Date.now() + 24 * length });
    assert.equal(later?.how, 'extended');
    daemon.release('OPEN merge before');
    const [loaded] = await first;
    assert.deepEqual([loaded?.outcome, loaded?.added], ['done', 12]);
  });

  test('C1: a load that only looks at the tail does not pass for one of the whole', async () => {
    const whole = { from: START, to: START + 3 * HOUR };
    const daemon = await house.serve(HOLDS);
    const client = await house.client();
    const tail = client.load({ ...requestOf('TAIL', whole), mode: 'tail' });
    await daemon.reached(['TAIL gaps after']);
    const [admitted] = await client.submit(requestOf('TAIL', whole));
    assert.equal(admitted?.how, 'extended');
    const [again] = await client.submit({ ...requestOf('TAIL', whole), mode: 'backfill' });
    assert.equal(again?.how, 'joined', 'the whole serves every other mode');
    daemon.release('TAIL gaps after');
    await tail;
    await house.assertTables({ TAIL: whole });
  });
});

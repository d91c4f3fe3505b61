import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { type LoadOrder, SILENCE_MS, servedBy } from '../../src/model/load.js';
import { checkOrder } from '../../src/model/order-check.js';

const ORDER: LoadOrder = {
  load: '01HV0000000000000000000000',
  series: { dataset: 'main', assetClass: 'crypto', symbol: 'BTC/USDT', timeframe: '1m' },
  provider: 'simulated',
  span: { from: 0, to: null },
  mode: 'full',
  by: 'cli',
  tuning: { lanes: 8, batchBars: 1_000_000, silenceMs: 10_000, restatements: 'stop', first: 'oldest' },
};

test('an order passes as it is, without what does not belong to it', () => {
  assert.deepEqual(checkOrder({ ...ORDER, secret: 'x', __proto__: { load: 'y' } }), ORDER);
});

test('an order from before the silence of a step could be set has the usual one', () => {
  const { silenceMs, ...tuning } = ORDER.tuning;
  assert.equal(checkOrder({ ...ORDER, tuning }).tuning.silenceMs, SILENCE_MS);
});

test('E1, E2: what is no order is refused with the part that is wrong', () => {
  const series = (change: object) => ({ ...ORDER, series: { ...ORDER.series, ...change } });
  const tuning = (change: object) => ({ ...ORDER, tuning: { ...ORDER.tuning, ...change } });
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /it is absent, not an object/],
    [[ORDER], /it is \[/],
    [{ ...ORDER, load: '../x' }, /its id is "\.\.\/x"/],
    [{ ...ORDER, provider: 'a/b' }, /its provider is/],
    [{ ...ORDER, mode: 'all' }, /its mode is "all", not one of local, tail, backfill, full/],
    [{ ...ORDER, by: 'x\n' }, /who asks is/],
    [{ ...ORDER, span: null }, /its span is null/],
    [{ ...ORDER, span: { from: 1.5, to: null } }, /its beginning is 1\.5/],
    [{ ...ORDER, span: { from: 1, to: 1 } }, /its end is 1, not after its beginning/],
    [{ ...ORDER, span: { from: null } }, /its end is absent/],
    [series({ symbol: '../../x' }), /cannot be a symbol/],
    [series({ symbol: 'A\u202eB' }), /cannot be a symbol/],
    [series({ dataset: '..' }), /a dataset/],
    [series({ assetClass: 'toys' }), /its asset class is "toys"/],
    [series({ timeframe: '2m' }), /its timeframe is "2m"/],
    [tuning({ lanes: 0 }), /lanes is 0, not a whole number from 1/],
    [tuning({ lanes: 1e9 }), /lanes/],
    [tuning({ batchBars: Number.NaN }), /batches is null/],
    [tuning({ silenceMs: '1s' }), /silence of its steps/],
  ];
  for (const [order, message] of wrong) {
    assert.throws(
      () => checkOrder(order),
      (error: unknown) => isTapekeepError(error) && error.permanent && message.test(error.message),
      String(message),
    );
  }
});

test('a load serves a wish that asks for no more, in its own mode or when it loads the whole', () => {
  const whole = { span: { from: null, to: null }, mode: 'full' } as const;
  const part = { span: { from: 10, to: 20 }, mode: 'full' } as const;
  assert.ok(servedBy(part, whole) && servedBy({ ...part, mode: 'tail' }, whole) && servedBy(part, part));
  assert.ok(!servedBy(whole, part));
  assert.ok(!servedBy({ span: { from: null, to: 20 }, mode: 'full' }, part));
  assert.ok(!servedBy(part, { ...whole, mode: 'tail' }));
});

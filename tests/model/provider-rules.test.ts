/** Which source is asked for a series, and why not another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Able, choose, type Rules, ruleFor } from '../../src/model/provider-rules.js';
import type { AssetClass, Series } from '../../src/model/series.js';
import type { Timeframe } from '../../src/model/timeframe.js';

const series = (assetClass: AssetClass, timeframe: Timeframe = '1m'): Series => ({ dataset: 'main', assetClass, symbol: 'X', timeframe });
const able = (name: string, more: Partial<Able> = {}): Able => ({
  name,
  assetClasses: ['crypto'],
  timeframes: ['1m', '1h'],
  hasKey: null,
  ...more,
});
const MIXED = { mix: 'fill-gaps', retake: 'yes' } as const;
const RULES: Rules = { crypto: { primary: 'a', backup: ['b', 'c'], byHealth: 'no', ...MIXED } };

test('the kind of market decides the rule: its class, its calendar, and for US stocks the length of a bar', () => {
  const of = (assetClass: AssetClass, timeframe: Timeframe, calendar: string | null) => ruleFor(series(assetClass, timeframe), calendar);
  assert.deepEqual(
    [
      of('crypto', '1d', null),
      of('stock', '1m', 'XNYS'),
      of('etf', '1d', 'XNAS'),
      of('stock', '1m', 'XLON'),
      of('index', '1d', null),
      of('fx', '1h', 'FOREX'),
      of('future', '5m', 'CMES'),
      of('other', '1m', null),
    ],
    ['crypto', 'stock_intraday', 'stock_daily', 'international', 'stock_daily', 'fx', 'futures', null],
  );
});

test('the primary is chosen when it can serve, and says so', () => {
  const { provider, says } = choose(series('crypto'), null, RULES, [able('a'), able('b')]);
  assert.deepEqual([provider, says], ['a', 'a is the primary of the rule crypto and can serve it']);
});

test('a source without such bars, without its key, or that nobody knows is passed by, each with why', () => {
  const all = [able('a', { timeframes: ['1d'] }), able('b', { hasKey: false })];
  const { provider, considered } = choose(series('crypto'), null, RULES, all);
  assert.equal(provider, null);
  assert.deepEqual(
    considered.map(c => c.why),
    ['it has no 1m bars', 'its key is missing', 'there is no such source'],
  );
  assert.equal(choose(series('crypto'), null, RULES, [...all, able('c', { hasKey: true })]).provider, 'c');
});

test('a source that fails now is passed by only where the rule allows', () => {
  const sick = [able('a', { health: { asked: 10, failed: 8 } }), able('b')];
  assert.equal(choose(series('crypto'), null, RULES, sick).provider, 'a');
  const allowed: Rules = { crypto: { primary: 'a', backup: ['b'], byHealth: 'yes', ...MIXED } };
  const chosen = choose(series('crypto'), null, allowed, sick);
  assert.equal(chosen.provider, 'b');
  assert.match(chosen.considered[0]?.why ?? '', /8 of its last 10 requests failed/);
  assert.equal(
    choose(series('crypto'), null, allowed, [able('a', { health: { asked: 2, failed: 2 } })]).provider,
    'a',
    'two requests tell nothing',
  );
  const resting = [able('a', { rests: true }), able('b')];
  assert.deepEqual(
    [choose(series('crypto'), null, RULES, resting).provider, choose(series('crypto'), null, allowed, resting).provider],
    ['a', 'b'],
  );
});

test('without a rule for the kind of market, or for the length, none is chosen and it is told', () => {
  assert.match(choose(series('fx'), null, RULES, [able('a')]).says, /no rule for fx/);
  const short: Rules = { crypto: { primary: 'a', backup: [], timeframes: ['1d'], byHealth: 'no', ...MIXED } };
  assert.match(choose(series('crypto'), null, short, [able('a')]).says, /for 1d only/);
});

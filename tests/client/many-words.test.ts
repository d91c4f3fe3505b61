/** Several series in words and in the server's language: watchlists, what is searched for, how all of it stands and ended. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairsOf, requestsOf } from '../../src/client/facts/watchlists.js';
import { queryOf } from '../../src/client/loads/list.js';
import { summary } from '../../src/client/loads/on-screen.js';
import type { End } from '../../src/client/loads/report-words.js';
import { manyLine } from '../../src/client/screen/bar.js';
import { manyWords } from '../../src/client/screen/words.js';
import { fail } from '../../src/model/errors.js';
import type { LoadReport } from '../../src/model/load.js';
import { countOf, faultOf, type ManyGlance, NO_COUNTS, outcomeOf } from '../../src/model/load-many.js';
import { begin, enter } from '../../src/model/progress.js';
import { parseSettings } from '../../src/settings.js';

const T0 = Date.UTC(2024, 0, 1);
const series = (symbol: string) => ({ dataset: 'main', assetClass: 'crypto', symbol, timeframe: '1m' }) as const;

const watchlists = (text: string) => parseSettings({ file: { name: 'x.yaml', text } }).watchlists;

test('a watchlist stands for its symbols with its own timeframes, and what the call says goes first', () => {
  const lists = watchlists(
    'watchlists: { majors: { symbols: [BTCUSDT, ETHUSDT], timeframes: [1m, 1h], provider: binance, from: 2020-01-01 } }',
  );
  const all = requestsOf({ watchlists: lists }, { symbol: ['@majors', 'SOLUSDT'], timeframe: ['1d'], provider: 'simulated' });
  assert.deepEqual(
    all.flatMap(pairsOf).map(({ symbol, timeframe, provider, from }) => [symbol, timeframe, provider, from]),
    [
      ['SOLUSDT', '1d', 'simulated', undefined],
      ['BTCUSDT', '1d', 'simulated', Date.UTC(2020, 0, 1)],
      ['ETHUSDT', '1d', 'simulated', Date.UTC(2020, 0, 1)],
    ],
  );
  const [usual] = requestsOf({ watchlists: lists }, { symbol: '@majors' });
  assert.deepEqual([usual?.timeframe, usual?.provider], [['1m', '1h'], 'binance']);
});

test('a watchlist that is not there, or a symbol without a timeframe, is refused', () => {
  assert.throws(
    () => requestsOf({ watchlists: watchlists('watchlists: { majors: { symbols: [A], timeframes: [1m] } }') }, { symbol: '@major' }),
    /did you mean @majors\?/,
  );
  assert.throws(() => requestsOf({ watchlists: {} }, { symbol: '@x' }), /the settings have none/);
  assert.throws(() => requestsOf({ watchlists: {} }, { symbol: '@constructor' }), /no watchlist/);
  assert.throws(() => requestsOf({ watchlists: {} }, { symbol: ['BTCUSDT'], timeframe: [] }), /which timeframe/);
  assert.throws(() => watchlists('watchlists: { majors: { symbols: [], timeframes: [1m] } }'), /x\.yaml:1: watchlists\.majors\.symbols/);
  assert.throws(() => watchlists('watchlists: { majors: { symbols: [A], timeframes: [7m] } }'), /timeframes/);
  assert.throws(() => watchlists('watchlists: { majors: { symbols: [A], timeframes: [1m], form: 2020 } }'), /form/);
});

test('a search is written in the server’s language, and no value leaves its quotes', () => {
  assert.equal(queryOf({}), "WorkflowType = 'loadSeries' AND ExecutionStatus != 'ContinuedAsNew'");
  assert.equal(
    queryOf({ symbol: ['A', "O'N"], outcome: ['failed', 'done'], since: T0, of: '01J' }).replace(/^.*'ContinuedAsNew' AND /, ''),
    "LoadSymbol IN ('A', 'O''N') AND ((ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated')) OR (ExecutionStatus = 'Completed' AND LoadOutcome = 'done'))" +
      " AND StartTime >= '2024-01-01T00:00:00.000Z' AND ParentWorkflowId = 'many/01J'",
  );
  assert.doesNotMatch(queryOf({ symbol: "x\\' OR 1=1 --" }), /OR 1=1/);
  assert.throws(() => queryOf({ outcome: 'toString' }), /there is no outcome/);
  assert.throws(() => queryOf({ of: "x' OR 'a'='a" }), /there is no load/);
});

test('the whole has a line of its own that no terminal wraps, and counts what is not well', () => {
  const progress = enter(begin('all', { loads: 1 }, T0), 'loads', { words: 'all', items: 10 }, T0);
  const counts = { ...NO_COUNTS, done: 3, failed: 1, running: 2, waiting: 4 };
  const glance: ManyGlance = { id: 'X', progress, counts, running: [] };
  assert.equal(manyWords(glance), '4 of 10 series, 1 failed, 2 under way');
  const line = manyLine(glance, 100, 110, T0 + 10_000);
  assert.match(line, /^█{12}░{12} {2}50 % {2}4 of 10 series, 1 failed, 2 under way {2}10 s left$/);
  assert.ok(manyLine(glance, 100, 40, T0 + 10_000).length <= 40);
});

test('at the end all are counted, and what is left to do is said', () => {
  const report = (outcome: LoadReport['outcome']) => ({ outcome }) as NonNullable<End['report']>;
  const end = (more: Partial<End>): End => ({ series: series('A'), exit: 'done', missing: [], ...more });
  const ends = [
    end({ report: report('done') }),
    end({ report: report('nothing') }),
    end({ error: fail('SYMBOL_UNKNOWN', { provider: 'x', symbol: 'A' }) }),
    end({ error: fail('LOAD_CANCELLED', { series: 'A 1m', kept: 'it had not begun' }) }),
  ];
  assert.equal(
    summary(ends, 61_000),
    '4 series: 1 done, 1 complete already, 1 failed, 1 not begun, in 1 min 1 s. tapekeep retry-failed loads what is left again',
  );
  const goesOn = end({ error: fail('LOAD_CANCELLED', { series: 'A 1m', kept: 'somebody else ordered it, too, and it goes on' }) });
  assert.equal(summary([goesOn, ...ends.slice(3)], 500), '2 series: 1 cancelled, 1 not begun, in 0.5 s', 'what goes on had begun');
  assert.equal(summary(ends.slice(0, 2), 500), '2 series: 1 done, 1 complete already, in 0.5 s');
});

test('an order ended as its loads did', () => {
  const of = (...states: Parameters<typeof countOf>[0][number]['state'][]) => outcomeOf(countOf(states.map(state => ({ state }))));
  assert.deepEqual(
    [of(), of('nothing'), of('nothing', 'done'), of('failed'), of('failed', 'done'), of('partial'), of('cancelled', 'done')],
    ['nothing', 'nothing', 'done', 'failed', 'partial', 'partial', 'partial'],
  );
});

test('what ended a load is told by the code of its innermost failure that has one', () => {
  const inner = Object.assign(new Error('no symbol X'), { type: 'SYMBOL_UNKNOWN', details: [{ symbol: 'X' }] });
  const fault = faultOf(Object.assign(new Error('child failed'), { cause: inner }), series('X'));
  assert.deepEqual(fault, { code: 'SYMBOL_UNKNOWN', message: 'no symbol X', facts: { symbol: 'X' } });
  assert.equal(faultOf(Object.assign(new Error('x'), { type: 'toString' }), series('X')).code, 'LOAD_FAILED');
  assert.match(faultOf(Object.assign(new Error('gone'), { name: 'TerminatedFailure' }), series('X')).message, /somebody terminated it/);
});

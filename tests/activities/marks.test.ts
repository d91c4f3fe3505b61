/** Only a complete success makes a mark, and no question is asked for ever. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { readCalendars } from '../../src/calendars.js';
import { barsFrom } from '../../src/model/bars.js';
import { type ErrorCode, fail } from '../../src/model/errors.js';
import { classify } from '../../src/model/gap-classes.js';
import { interval, subtract } from '../../src/model/interval.js';
import { measure, scoreOf } from '../../src/model/quality.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import type { Page } from '../../src/providers/provider.js';
import { inlineFrames, openStore } from '../../src/store/index.js';
import { readAll } from '../faults/assert-store.js';
import { loadOnce } from './load.js';
import { type Script, scripted, sources } from './scripted.js';
import { attemptOf, loadWorld, NOW, orderOf, planned, START } from './world.js';

const SPAN = interval(START, START + 300 * MINUTE);
let loads = 0;
const orderOn = (provider = 'scripted', span = SPAN) =>
  orderOf(span, { provider, load: `01HV000000000000000000${String(++loads).padStart(4, '0')}` });

async function worldOf(t: TestContext, script: Script, change: Parameters<typeof loadWorld>[3] = {}) {
  const source = scripted(script);
  const world = await loadWorld(t, {}, sources(source), change);
  const { series } = orderOn();
  const holdings = async () => (await world.store.find(series))?.holdings;
  return { ...world, source, series, holdings };
}

const POISON: readonly [what: string, code: ErrorCode][] = [
  ['an answer that was cut', 'ANSWER_TRUNCATED'],
  ['a limit in the second page', 'RATE_LIMITED'],
  ['a source that is down', 'PROVIDER_DOWN'],
  ['the limit of a plan', 'PLAN_TOO_SMALL'],
  ['an answer of another time', 'ANSWER_WRONG'],
  ['a depth that is told as an error', 'BEYOND_DEPTH'],
];

for (const [what, code] of POISON) {
  test(`${what} leaves no mark, and what came before it is not lost`, async t => {
    let poisoned = true;
    const spoil = (request: number, page: Page): Page => {
      if (request === 2 && poisoned) throw fail(code, { provider: 'scripted', series: 'BTCUSDT 1m', symbol: 'BTCUSDT', waitMs: 1 });
      return page;
    };
    const world = await worldOf(t, { has: () => true, spoil });
    const order = orderOn();
    await assert.rejects(loadOnce(world, order), error => error instanceof ApplicationFailure && error.type === code);
    assert.equal(await world.holdings(), undefined, 'nothing is covered, nothing is called absent');
    poisoned = false;
    assert.equal((await loadOnce(world, order)).added, 300);
    assert.deepEqual((await world.holdings())?.coverage, [SPAN]);
    assert.deepEqual(
      world.source.asked.map(a => (a.from - START) / MINUTE),
      [0, 100, 100, 200],
      'the first page was not asked for twice',
    );
  });
}

test('an empty answer with an error in its text leaves no mark', async t => {
  const page2 = interval(START + 100 * MINUTE, START + 200 * MINUTE);
  const spoil = (request: number, page: Page): Page =>
    request === 2 ? { ...page, bars: barsFrom([]), verdict: 'failed', evidence: '{"error": "try again"}' } : page;
  const world = await worldOf(t, { has: () => true, spoil });
  await loadOnce(world, orderOn());
  assert.deepEqual(await world.holdings(), { coverage: subtract([SPAN], [page2]), ledger: [] });
  assert.equal((await loadOnce(world, orderOn())).added, 100, 'the next load asks for it');
  assert.deepEqual(world.source.asked.at(-1), page2);
});

test('what lies beyond the depth of one source is asked of another, and of no one twice', async t => {
  const shallow = scripted({ name: 'shallow', has: () => true, serves: { depthMs: { '1m': NOW - START - 100 * MINUTE } } });
  const deep = scripted({ name: 'deep', has: () => true });
  const world = await loadWorld(t, {}, sources(shallow, deep));
  await loadOnce(world, orderOn('shallow'));
  const { series } = orderOn();
  const records = async () =>
    (await world.store.open(series)).holdings.ledger.map(a => [a.reason, a.asked, (a.to - a.from) / MINUTE, a.next]);
  assert.deepEqual(await records(), [['out_of_reach', ['shallow'], 100, null]]);
  const before = shallow.asked.length;
  assert.equal((await loadOnce(world, orderOn('shallow'))).version, null);
  assert.equal(shallow.asked.length, before);
  assert.equal((await loadOnce(world, orderOn('deep'))).added, 100);
  assert.deepEqual(deep.asked, [interval(START, START + 100 * MINUTE)]);
  assert.deepEqual(await records(), []);
});

test('a source that omits the last hour of a quiet symbol is asked for it twice in ten runs, not for ever', async t => {
  const quiet = START + 240 * MINUTE;
  const world = await worldOf(t, { has: ts => ts < quiet });
  for (let run = 0; run < 10; run++) {
    world.setNow(NOW + run * 30 * HOUR);
    await loadOnce(world, orderOn());
  }
  const questions = world.source.asked.filter(a => a.to > quiet);
  assert.equal(questions.length, 2);
  const [record] = (await world.holdings())?.ledger ?? [];
  assert.deepEqual([record?.reason, record?.attempts, record?.next], ['provider_empty', 2, null]);
});

test('asked sooner than a day later it is not asked at all', async t => {
  const world = await worldOf(t, { has: ts => ts < START + 240 * MINUTE });
  for (let run = 0; run < 10; run++) {
    world.setNow(NOW + run * 2 * HOUR);
    await loadOnce(world, orderOn());
  }
  assert.equal(world.source.asked.filter(a => a.to > START + 240 * MINUTE).length, 1);
});

test('a restart between fetch and commit leaves no mark without its bars', async t => {
  const world = await worldOf(t, { has: () => true });
  const order = orderOn();
  const note = await planned(world.steps, order);
  const fetched = await attemptOf(world.steps.fetch, order, note, 0).result;
  const { proposal } = await attemptOf(world.steps.merge, order, note, { number: 0, firstOfPlan: true }, [fetched]).result;
  const restarted = await openStore({ root: world.root, frames: inlineFrames(), now: () => NOW });
  t.after(() => restarted.close());
  assert.equal(await restarted.find(world.series), undefined, 'nothing is there, and nothing is covered');
  await attemptOf(world.steps.validate, order, proposal).result;
  await attemptOf(world.steps.commit, order, proposal).result;
  const table = await restarted.open(world.series);
  const stored = (await readAll(restarted, table)).map(bar => bar.ts);
  const covered = table.holdings.coverage.flatMap(i => Array.from({ length: (i.to - i.from) / MINUTE }, (_, k) => i.from + k * MINUTE));
  assert.deepEqual(stored, covered, 'each covered minute has its bar');
});

test('a closure that a user adds turns a missing day into a closed one: requests stop, and the score rises', async t => {
  const closed = '2024-03-13';
  const day = interval(Date.parse(closed), Date.parse(closed) + DAY);
  const span = interval(Date.parse('2024-03-11'), Date.parse('2024-03-16'));
  const own = readCalendars().get('XNYS');
  const overlay = readCalendars({ overlay: await overlayFile(t, `XNYS: {holidays: {2024: "03-13"}}\n`) }).get('XNYS');
  let calendar = own;
  const world = await worldOf(t, { has: ts => ts < day.from || ts >= day.to }, { calendarOf: () => calendar });
  await loadOnce(world, orderOn('scripted', span));
  const table = await world.store.open(world.series);
  const rows = await readAll(world.store, table);
  const bars = barsFrom(rows);
  const judged = () => {
    const gaps = classify(bars.ts, span, { calendar, timeframe: '1m', holdings: table.holdings, finalBefore: NOW });
    const sessions = measure(bars, span, { calendar, timeframe: '1m', gaps, tick: 0.01 });
    return { gaps, score: scoreOf(sessions, { verified: true })?.score ?? 0 };
  };
  const before = judged();
  assert.deepEqual([...new Set(before.gaps.map(g => g.class))], ['provider_empty']);
  assert.equal(
    before.gaps.reduce((n, g) => n + g.bars, 0),
    390,
  );

  calendar = overlay;
  const after = judged();
  assert.deepEqual(after.gaps, []);
  assert.ok(after.score > before.score, `${after.score} is more than ${before.score}`);
  const asked = world.source.asked.length;
  world.setNow(NOW + 3 * DAY);
  await loadOnce(world, orderOn('scripted', span));
  assert.equal(world.source.asked.length, asked, 'no request any more');
  calendar = own;
  await loadOnce(world, orderOn('scripted', span));
  assert.ok(world.source.asked.length > asked, 'without the closure it would have been asked for again');
});

async function overlayFile(t: TestContext, text: string): Promise<string> {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'tapekeep-overlay-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'own.yaml'), text);
  return join(folder, 'own.yaml');
}

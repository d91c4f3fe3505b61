import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Bar, countOf, toRows } from '../../src/model/bars.js';
import { type ErrorCode, isTapekeepError } from '../../src/model/errors.js';
import { barStart, DAY, HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';
import type { Ask } from '../../src/providers/provider.js';
import type { SimulatedSettings } from '../../src/providers/simulated/settings.js';
import { createSimulated, truth } from '../../src/providers/simulated/simulated.js';
import { barsIn, collect, type Emulation, providerContract } from '../contract/provider.js';
import { heldWorld } from '../contract/world.js';

const NOW = Date.UTC(2024, 2, 4, 12, 0, 30);
const MONDAY = Date.UTC(2024, 2, 4);
const OUTAGE = { from: MONDAY - 2 * DAY, to: MONDAY - 2 * DAY + 6 * HOUR };
const SETTINGS: Partial<SimulatedSettings> = { pageBars: 100, quietShare: 0.05, outages: [OUTAGE], depthMs: { '1m': 100 * DAY } };

function emulate(given: Partial<SimulatedSettings> = {}): Emulation {
  const world = heldWorld(NOW);
  const settings = { ...SETTINGS, latencyMs: 1, ...given };
  return {
    provider: createSimulated(settings, world),
    symbol: 'BTCUSDT',
    unknown: 'NOSUCH',
    timeframe: '1m',
    busy: { from: MONDAY - 350 * MINUTE, to: MONDAY + 30 * MINUTE },
    silent: OUTAGE,
    setNow: world.setNow,
    now: world.now,
    requests: () => world.waits.length,
    slow: ms => {
      world.realWaitMs = ms;
    },
    release: async () => {},
  };
}

providerContract('simulated', () => emulate());
providerContract('simulated, without a depth or a quiet minute', () => emulate({ depthMs: {}, quietShare: 0 }));

const ask = (timeframe: Timeframe, from: number, to: number, symbol = 'BTCUSDT'): Ask => ({ symbol, timeframe, interval: { from, to } });
const provider = (given: Partial<SimulatedSettings> = {}) => createSimulated({ ...SETTINGS, ...given }, heldWorld(NOW));
const isCode =
  (code: ErrorCode, facts: object = {}) =>
  (e: unknown) => {
    assert.ok(isTapekeepError(e, code), String(e));
    assert.deepEqual({ ...e.facts, ...facts }, e.facts);
    return true;
  };

/** One-minute bars added up the slow way. */
function addedUp(minutes: readonly Bar[], timeframe: Timeframe): Bar[] {
  const out = new Map<number, Bar>();
  for (const m of minutes) {
    const ts = barStart(m.ts, timeframe);
    const bar = out.get(ts);
    if (!bar) out.set(ts, { ...m, ts });
    else {
      bar.high = Math.max(bar.high!, m.high!);
      bar.low = Math.min(bar.low!, m.low!);
      bar.close = m.close!;
      for (const sum of ['volume', 'turnover', 'trades'] as const) bar[sum] = bar[sum]! + m[sum]!;
    }
  }
  return [...out.values()];
}

describe('the bars of the simulated exchange', () => {
  test('coarse bars are the one-minute bars added up, also around a listing, an outage and a delisting', () => {
    const settings = { ...SETTINGS, listedOf: { BTCUSDT: OUTAGE.from - 3 * DAY + 90_000 }, delisted: { BTCUSDT: MONDAY + 5 * HOUR } };
    const whole = { from: MONDAY - 6 * DAY, to: MONDAY + DAY };
    const minutes = toRows(truth(settings, 'BTCUSDT', '1m', whole));
    assert.ok(minutes.length > 4 * 1_200);
    for (const timeframe of provider().serves.timeframes) {
      assert.deepEqual(toRows(truth(settings, 'BTCUSDT', timeframe, whole)), addedUp(minutes, timeframe), timeframe);
    }
  });

  test('sums are exact whichever way they are added', () => {
    const minutes = toRows(truth(SETTINGS, 'ETHUSDT', '1m', { from: MONDAY, to: MONDAY + DAY }));
    const sum = (rows: readonly Bar[], value: 'volume' | 'turnover') => rows.reduce((n, r) => n + r[value]!, 0);
    for (const value of ['volume', 'turnover'] as const) assert.equal(sum(minutes, value), sum([...minutes].reverse(), value));
  });

  test('a bar is the same whatever interval it is asked in', () => {
    const whole = { from: MONDAY, to: MONDAY + 2 * DAY };
    const rows = new Map(toRows(truth(SETTINGS, 'AAPL', '1m', whole)).map(r => [r.ts, r]));
    const instant = fc.integer({ min: whole.from, max: whole.to });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const within = { from: Math.min(a, b), to: Math.max(a, b) };
        const expected = [...rows.values()].filter(r => r.ts >= within.from && r.ts < within.to);
        assert.deepEqual(toRows(truth(SETTINGS, 'AAPL', '1m', within)), expected);
      }),
      { numRuns: 60 },
    );
  });

  test('seed and symbol make the market, and nothing else does', () => {
    const day = { from: MONDAY, to: MONDAY + DAY };
    const closes = (seed: number, symbol: string) => truth({ ...SETTINGS, seed, quietShare: 0 }, symbol, '1m', day).close;
    assert.deepEqual(closes(1, 'BTCUSDT'), closes(1, 'BTCUSDT'));
    assert.notDeepEqual(closes(1, 'BTCUSDT'), closes(2, 'BTCUSDT'));
    assert.notDeepEqual(closes(1, 'BTCUSDT'), closes(1, 'BTCUSDC'));
  });

  test('it looks like a market: on a tick of 0.01, joined, calm and wild in turn, busier by day than by night', () => {
    const bars = truth({ quietShare: 0, outages: [] }, 'BTCUSDT', '1m', { from: MONDAY, to: MONDAY + 60 * DAY });
    const rows = toRows(bars);
    const hourOf = (r: Bar) => Math.floor((r.ts % DAY) / HOUR);
    const volume = (hour: number) => rows.filter(r => hourOf(r) === hour).reduce((n, r) => n + r.volume!, 0);
    assert.ok(rows.every(r => Math.abs(r.close! * 100 - Math.round(r.close! * 100)) < 1e-6));
    assert.ok(rows.every((r, i) => i === 0 || r.open === rows[i - 1]!.close));
    assert.ok(rows.every(r => r.turnover! / r.volume! > r.low! - 0.01 && r.turnover! / r.volume! < r.high! + 0.01));
    assert.ok(rows.every(r => Number.isInteger(r.trades!) && r.trades! > 0));
    assert.ok(volume(14) > 2 * volume(4));
    const size = rows.map(r => Math.abs(Math.log(r.close! / r.open!)));
    assert.ok(correlation(size.slice(1), size.slice(0, -1)) > 0.05);
  });

  test('about as many minutes are quiet as are meant to be, and a listing begins with a trade', () => {
    const settings = { listed: MONDAY, quietShare: 0.25, outages: [] };
    for (const symbol of ['A', 'B', 'C', 'D', 'E', 'F']) {
      const bars = truth(settings, symbol, '1m', { from: MONDAY - DAY, to: MONDAY + 10 * DAY });
      assert.equal(bars.ts[0], MONDAY);
      assert.ok(Math.abs(countOf(bars) / 14_400 - 0.75) < 0.02);
    }
  });

  test('one-minute bars come at half a million a second at least', () => {
    const from = Date.UTC(2022, 0, 1);
    // The best of three, of the processor and not of the clock: the machine may be busy with something else.
    const took = ['A', 'B', 'C'].map(symbol => {
      const before = process.cpuUsage();
      truth({}, symbol, '1m', { from, to: from + 250_000 * MINUTE });
      return process.cpuUsage(before).user / 1_000;
    });
    assert.ok(Math.min(...took) < 500, `${took}`);
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (x: readonly number[]) => x.reduce((n, v) => n + v, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number) => a.reduce((n, _, i) => n + f(i), 0);
  const [va, vb] = [sum(i => (a[i]! - ma) ** 2), sum(i => (b[i]! - mb) ** 2)];
  return sum(i => (a[i]! - ma) * (b[i]! - mb)) / Math.sqrt(va * vb);
}

describe('what the simulated exchange answers', () => {
  test('pages hold what the exchange will have said in the end', async () => {
    const { interval } = ask('1m', MONDAY - 3 * DAY, MONDAY);
    const pages = await collect(provider(), ask('1m', interval.from, interval.to));
    assert.deepEqual(toRows(barsIn(pages)), toRows(truth(SETTINGS, 'BTCUSDT', '1m', interval)));
    assert.equal(pages.length, Math.ceil((3 * DAY) / MINUTE / 100));
  });

  test('each absence has its own verdict and evidence', async () => {
    const p = provider({ listed: MONDAY - 200 * DAY, delisted: { GONE: MONDAY - DAY } });
    const verdicts = async (a: Ask) => (await collect(p, a)).map(page => [page.verdict, page.evidence.split(' ')[0]]);
    assert.deepEqual(await verdicts(ask('1m', MONDAY - 300 * DAY, MONDAY - 250 * DAY)), [['empty', 'listed']]);
    assert.deepEqual(await verdicts(ask('1m', MONDAY - 150 * DAY, MONDAY - 120 * DAY)), [['beyond_depth', '1m']]);
    assert.deepEqual(await verdicts(ask('1m', MONDAY - 1 * HOUR, MONDAY, 'GONE')), [['empty', 'delisted']]);
    assert.deepEqual(await verdicts(ask('1h', OUTAGE.from, OUTAGE.to)), [['empty', 'an']]);
    assert.deepEqual(await verdicts(ask('1h', NOW + DAY, NOW + 2 * DAY)), [['not_yet_published', 'bars']]);
  });

  test('the day of a listing has its day bar', async () => {
    const listed = MONDAY - 10 * DAY + 4 * HOUR;
    const pages = await collect(provider({ listed }), ask('1d', MONDAY - 20 * DAY, MONDAY - 8 * DAY));
    assert.deepEqual([...barsIn(pages).ts], [MONDAY - 10 * DAY, MONDAY - 9 * DAY]);
  });

  test('over the limit it names the wait, and after it answers again', async () => {
    const world = heldWorld(NOW);
    const p = createSimulated({ ...SETTINGS, requestsPerSecond: 4 }, world);
    const six = ask('1m', MONDAY, MONDAY + 600 * MINUTE);
    await assert.rejects(collect(p, six), isCode('RATE_LIMITED', { waitMs: 250 }));
    world.setNow(NOW + 1_000);
    assert.equal((await collect(p, ask('1m', MONDAY, MONDAY + 400 * MINUTE))).length, 4);
  });

  test('symbols of any usual spelling exist, others do not', async () => {
    for (const symbol of ['BTC/USDT', '^GSPC', 'BRK.B', 'EUR=X', 'A-B']) {
      assert.equal((await provider().listing(symbol, new AbortController().signal)).symbol, symbol);
    }
    for (const symbol of ['', 'btc', 'NOPE', 'B\u202eTC', 'A'.repeat(21), 'BTC USDT']) {
      await assert.rejects(provider().listing(symbol, new AbortController().signal), isCode('SYMBOL_UNKNOWN'));
    }
    await assert.doesNotReject(collect(provider(), ask('1m', MONDAY, MONDAY + HOUR, 'EUR=X')));
  });
});

describe('what goes wrong by setting', () => {
  const three = ask('1m', MONDAY, MONDAY + 300 * MINUTE);
  const withFault = (fault: SimulatedSettings['faults'][number]) => provider({ quietShare: 0, faults: [fault] });

  test('the nth request is refused with the code, the next one is not', async () => {
    const p = withFault({ request: 2, times: 2, kind: 'error', code: 'PROVIDER_DOWN' });
    const cursors: unknown[] = [];
    const read = async () => {
      for await (const page of p.pages(three, null, new AbortController().signal)) cursors.push(page.next);
    };
    await assert.rejects(read(), isCode('PROVIDER_DOWN'));
    assert.deepEqual(cursors, [MONDAY + 100 * MINUTE]);
    await assert.rejects(read(), isCode('PROVIDER_DOWN'));
    assert.equal((await collect(p, three, MONDAY + 100 * MINUTE)).length, 2);
  });

  test('half an answer, other bars and bars without prices never pass for bars', async () => {
    await assert.rejects(collect(withFault({ request: 1, kind: 'truncated' }), three), isCode('ANSWER_TRUNCATED'));
    await assert.rejects(collect(withFault({ request: 1, kind: 'wrong' }), three), isCode('ANSWER_WRONG'));
    const [page, next] = await collect(withFault({ request: 1, kind: 'nulls' }), three);
    assert.equal(page?.verdict, 'failed');
    assert.equal(countOf(page!.bars), 0);
    assert.equal(next?.verdict, null);
  });

  test('a slow answer takes its time', async () => {
    const world = heldWorld(NOW);
    await collect(createSimulated({ ...SETTINGS, latencyMs: 10, faults: [{ request: 2, kind: 'slow', ms: 5_000 }] }, world), three);
    assert.deepEqual(world.waits, [10, 5_010, 10]);
  });
});

test('the journal has a line for each page asked for, from whichever process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-'));
  try {
    const journal = join(folder, 'deep', 'journal.jsonl');
    for (const from of [MONDAY, MONDAY + 200 * MINUTE]) {
      await collect(provider({ journal }), ask('1m', from, from + 150 * MINUTE));
    }
    const lines = readFileSync(journal, 'utf8').trim().split('\n');
    const told = lines.map(line => JSON.parse(line));
    assert.deepEqual(
      told.map(({ from, to }) => [(from - MONDAY) / MINUTE, (to - MONDAY) / MINUTE]),
      [
        [0, 100],
        [100, 150],
        [200, 300],
        [300, 350],
      ],
    );
    assert.deepEqual(told[0], { symbol: 'BTCUSDT', timeframe: '1m', from: MONDAY, to: MONDAY + 100 * MINUTE, at: NOW, pid: process.pid });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendars } from '../../../src/calendars.js';
import { concatBars, sliceBars, takeBars } from '../../../src/model/bars.js';
import { interval } from '../../../src/model/interval.js';
import { type GateFacts, gate, intervalRefusal } from '../../../src/model/quality.js';
import { bitsAt, keyOf } from '../../../src/model/random.js';
import { DAY, isIntraday, MINUTE, TIMEFRAMES } from '../../../src/model/timeframe.js';
import { changed, cleanBars, scaled, WEEKS, without, XNYS } from './scene.js';

const clean = cleanBars('1m');
const facts: GateFacts = { calendar: XNYS, timeframe: '1m', asked: [{ from: WEEKS.from, to: WEEKS.to }] };
const stampOf = (i: number): number => clean.ts[i] as number;
const setAside = (bars: typeof clean, more: Partial<GateFacts> = {}) => {
  const { refusal, quarantine } = gate(bars, { ...facts, ...more });
  assert.equal(refusal, null);
  return quarantine.map(q => [q.row, q.reason]);
};

test('clean bars pass, and so do holes, spikes, flat runs, zero volume and splits', () => {
  for (const bars of [
    clean,
    without(clean, 100, 3000),
    scaled(clean, 3, 500, 501),
    scaled(clean, 0.5, 2000),
    changed(clean, 5, { volume: 0 }),
  ])
    assert.deepEqual(setAside(bars), []);
  assert.deepEqual(setAside(sliceBars(clean, 0, 0)), []);
});

test('a few bars whose prices cannot be are set aside, each with its reason in words', () => {
  const bars = changed(changed(clean, 7, { high: 1 }), 9, { volume: -3 });
  assert.deepEqual(setAside(bars), [
    [7, 'nonsense'],
    [9, 'nonsense'],
  ]);
  const { quarantine } = gate(bars, facts);
  assert.match(quarantine[0]?.says ?? '', /2024-03-04T14:37:00.000Z: the high is not the highest \(open [\d.]+, high 1,/);
  assert.match(quarantine[1]?.says ?? '', /the volume is negative \(-3\)/);
});

test('each kind of nonsense has its words', () => {
  const says = (change: Parameters<typeof changed>[2]) => gate(changed(clean, 7, change), facts).quarantine[0]?.says ?? '';
  assert.match(says({ close: Number.NaN }), /there is no close/);
  assert.match(says({ high: Number.POSITIVE_INFINITY }), /not finite/);
  assert.match(says({ low: 1e6 }), /the high is not the highest|the low is not the lowest/);
  assert.match(says({ low: (clean.close[7] as number) + 0.001, open: Number.NaN, high: 1e6 }), /the low is not the lowest/);
  assert.match(says({ low: 0 }), /not above zero/);
  assert.equal(says({ open: Number.NaN, high: Number.NaN, low: Number.NaN, volume: Number.NaN }), '', 'what is not stated offends nobody');
});

test('a bar off the grid or outside what was asked is set aside', () => {
  assert.deepEqual(setAside(changed(clean, 7, { ts: stampOf(7) + 1 })), [[7, 'off_grid']]);
  assert.deepEqual(setAside(clean, { asked: [{ from: stampOf(2), to: WEEKS.to }] }), [
    [0, 'outside_asked'],
    [1, 'outside_asked'],
  ]);
});

test('a bar on a closed day is kept when something was traded, for the calendar may be wrong; a filled one is set aside', () => {
  const saturday = Date.UTC(2024, 2, 9, 15);
  const row = clean.ts.findIndex(ts => ts > saturday);
  const extra = changed(takeBars(clean, [0]), 0, { ts: saturday });
  const put = (bar: typeof clean) => concatBars([sliceBars(clean, 0, row), bar, sliceBars(clean, row, clean.ts.length)]);
  assert.deepEqual(setAside(put(extra)), []);
  const price = clean.close[0] as number;
  assert.deepEqual(setAside(put(changed(extra, 0, { volume: 0, high: price, low: price, open: price, close: price }))), [[row, 'closed']]);
});

test('an answer that is bad as a whole is refused, and says how many bars and which', () => {
  const { refusal, quarantine } = gate(changed(scaled(clean, -1, 100, 500), 0, {}), facts);
  assert.equal(refusal?.reason, 'nonsense');
  assert.match(refusal?.says ?? '', /^400 of \d+ bars cannot be right; the first: bar 2024-03-04/);
  assert.deepEqual(quarantine, []);
  assert.equal(gate(clean, { ...facts, asked: [{ from: 0, to: DAY }] }).refusal?.reason, 'outside_asked');
  assert.equal(
    gate(scaled(clean, -1, 100, 500), { ...facts, mayBeNegative: true }).refusal?.reason,
    'nonsense',
    'high and low are swapped',
  );
});

test('order, doubles and torn columns refuse', () => {
  assert.equal(gate(takeBars(clean, [0, 2, 1]), facts).refusal?.reason, 'order');
  assert.equal(gate(takeBars(clean, [0, 1, 1]), facts).refusal?.reason, 'duplicate');
  assert.equal(gate({ ...clean, close: clean.close.subarray(1) }, facts).refusal?.reason, 'schema');
  assert.equal(gate(changed(clean, 5, { ts: Number.NaN }), facts).refusal?.reason, 'schema');
});

test('bars of another length than asked for refuse, coarser or finer', () => {
  const hours = cleanBars('1h');
  assert.match(
    gate(hours, { ...facts, timeframe: '30m' }).refusal?.says ?? '',
    /its bars lie 60 minutes apart, and 30m bars were asked for/,
  );
  assert.equal(gate(hours, { ...facts, timeframe: '1h' }).refusal, null);
  assert.match(gate(clean, { ...facts, timeframe: '1h' }).refusal?.says ?? '', /1 minutes apart/);
  assert.equal(gate(cleanBars('12h'), { ...facts, timeframe: '12h' }).refusal, null, 'one bar a session is what is expected here');
  assert.equal(
    gate(cleanBars('1mo', { from: Date.UTC(2020, 0, 1), to: Date.UTC(2024, 0, 1) }), {
      ...facts,
      timeframe: '1mo',
      asked: [{ from: 0, to: WEEKS.to }],
    }).refusal,
    null,
  );
});

test('the bars that a market has are of the length that was asked for, however its sessions and pauses cut them', () => {
  for (const market of readCalendars().all) {
    for (const anchor of ['segment', 'day', 'clock'] as const) {
      const calendar = market.as({ anchor });
      for (const timeframe of TIMEFRAMES) {
        const days = isIntraday(timeframe) ? 40 : 4_000;
        const ts = calendar.expected(interval(WEEKS.from, WEEKS.from + days * DAY), timeframe);
        assert.equal(intervalRefusal(ts, { calendar, timeframe })?.says, undefined, `${market.name} ${anchor} ${timeframe}`);
      }
    }
  }
});

test('a symbol that seldom trades is not taken for coarser bars', () => {
  const seldom = takeBars(
    clean,
    [...clean.ts.keys()].filter(i => bitsAt(keyOf(1, 'seldom'), i) % 11 === 0),
  );
  assert.deepEqual(setAside(seldom), []);
  assert.ok(seldom.ts.length < 600);
  assert.ok((seldom.ts[1] as number) - (seldom.ts[0] as number) >= MINUTE);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCalendars } from '../../src/calendars.js';
import { CALENDAR_24_7, type Mark } from '../../src/model/calendar.js';
import type { GapRun } from '../../src/model/gap-classes.js';
import { contains, type Interval, interval } from '../../src/model/interval.js';
import { type Peer, type PeerEvent, peerEvents, withEvents } from '../../src/model/peers.js';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';

const T = Date.UTC(2024, 2, 5, 15);
const minutes = (from: number, to: number): Interval => interval(T + from * MINUTE, T + to * MINUTE);
const peer = (symbol: string, absent: readonly Interval[], loaded = [minutes(0, 300)]): Peer => ({ symbol, loaded, absent });
const peers = (count: number, absent: (i: number) => readonly Interval[]): Peer[] =>
  Array.from({ length: count }, (_, i) => peer(`S${i}`, absent(i)));

test('minutes that all symbols lack are one event, named once', () => {
  const events = peerEvents(peers(6, () => [minutes(10, 40)]));
  assert.equal(events.length, 1);
  assert.deepEqual(
    { ...events[0] },
    {
      ...minutes(10, 40),
      kind: 'suspected_outage',
      why: '6 of 6 symbols lack the same bars',
      lacking: ['S0', 'S1', 'S2', 'S3', 'S4', 'S5'],
      of: 6,
    },
  );
});

test('four of five are enough, three of four are not, nor is one of many', () => {
  assert.equal(peerEvents(peers(5, i => (i < 4 ? [minutes(10, 40)] : []))).length, 1);
  assert.equal(peerEvents(peers(5, i => (i < 3 ? [minutes(10, 40)] : []))).length, 0);
  assert.equal(peerEvents(peers(4, () => [minutes(10, 40)])).length, 0);
  assert.equal(peerEvents(peers(20, i => (i === 0 ? [minutes(10, 40)] : []))).length, 0);
});

test('a symbol has a say only where it was loaded', () => {
  const young = Array.from({ length: 10 }, (_, i) => peer(`N${i}`, [], [minutes(200, 300)]));
  assert.equal(peerEvents([...peers(5, () => [minutes(10, 40)]), ...young]).length, 1);
  assert.equal(peerEvents([...peers(5, () => [minutes(210, 240)]), ...young]).length, 0);
  const unloaded = Array.from({ length: 5 }, (_, i) => peer(`U${i}`, [minutes(10, 40)], []));
  assert.equal(peerEvents(unloaded).length, 0);
});

test('edges that differ a little are one event over what most lack', () => {
  const events = peerEvents(peers(10, i => [minutes(10 - i, 40 + i)]));
  assert.equal(events.length, 1);
  assert.deepEqual([events[0]?.from, events[0]?.to], [minutes(8, 42).from, minutes(8, 42).to]);
});

test('what the calendar names is a halt, and the rest beside it is an outage', () => {
  const halts: Mark[] = [{ ...minutes(10, 25), kind: 'halted', why: 'level 1 circuit breaker' }];
  const events = peerEvents(
    peers(6, () => [minutes(10, 40)]),
    { halts },
  );
  assert.deepEqual(
    events.map(e => [e.kind, e.why, e.from, e.to]),
    [
      ['halted', 'level 1 circuit breaker', minutes(10, 25).from, minutes(10, 25).to],
      ['suspected_outage', '6 of 6 symbols lack the same bars', minutes(25, 40).from, minutes(25, 40).to],
    ],
  );
});

test('an outage over the close of the market goes on as one event', () => {
  const XNYS = readCalendars().get('XNYS');
  const close = Date.UTC(2024, 2, 5, 21);
  const open = Date.UTC(2024, 2, 6, 14, 30);
  const absent = [interval(close - HOUR, close), interval(open, open + HOUR)];
  const loaded = [interval(close - 5 * HOUR, open + 5 * HOUR)];
  const lacking = Array.from({ length: 5 }, (_, i) => peer(`S${i}`, absent, loaded));
  const closed = (within: Interval) => XNYS.count(within, '1m') === 0;
  assert.equal(peerEvents(lacking, { closed }).length, 1);
  assert.equal(peerEvents(lacking).length, 2);
});

test('the halt of 2020-03-09 is one named event over six symbols', () => {
  const XNYS = readCalendars().get('XNYS');
  const day = interval(Date.UTC(2020, 2, 9, 13), Date.UTC(2020, 2, 9, 21));
  const halts = XNYS.marks(day).filter(mark => mark.kind === 'halted');
  assert.equal(halts.length, 1);
  const events = peerEvents(
    Array.from({ length: 6 }, (_, i) => peer(`S${i}`, halts, [day])),
    { halts },
  );
  assert.deepEqual(
    events.map(e => [e.kind, e.from, e.to]),
    [['halted', halts[0]?.from, halts[0]?.to]],
  );
});

test('a minute lies in an event exactly when 80 % of at least five loaded symbols lack it', () => {
  const stretch = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 30 })).map(([from, length]) => minutes(from, from + length));
  fc.assert(
    fc.property(fc.array(fc.record({ absent: stretch, loaded: stretch }), { minLength: 4, maxLength: 9 }), drawn => {
      const all = drawn.map(({ absent, loaded }, i) => peer(`S${i}`, [absent], [loaded]));
      const events = peerEvents(all);
      for (let m = 0; m < 80; m++) {
        const at = T + m * MINUTE;
        const loaded = all.filter(p => contains(p.loaded, at));
        const lacking = loaded.filter(p => contains(p.absent, at));
        assert.equal(contains(events, at), loaded.length >= 5 && lacking.length >= 0.8 * loaded.length, `minute ${m}`);
      }
    }),
    { numRuns: 200 },
  );
});

test('an event explains what it covers of each run, and leaves what is known for sure', () => {
  const run = (from: number, to: number, gapClass: GapRun['class']): GapRun => ({
    ...minutes(from, to),
    class: gapClass,
    bars: to - from,
    evidence: '',
    next: 7,
  });
  const event = (from: number, to: number, kind: PeerEvent['kind']): PeerEvent => ({
    ...minutes(from, to),
    kind,
    why: 'said',
    lacking: [],
    of: 5,
  });
  const told = (runs: readonly GapRun[]) => runs.map(r => [(r.from - T) / MINUTE, (r.to - T) / MINUTE, r.class, r.bars, r.next]);
  const runs = [run(0, 10, 'missing'), run(20, 30, 'before_listing'), run(40, 50, 'no_trade')];
  const explained = withEvents(
    runs,
    [event(4, 6, 'suspected_outage'), event(20, 30, 'suspected_outage'), event(40, 60, 'halted')],
    CALENDAR_24_7,
    '1m',
  );
  assert.deepEqual(told(explained), [
    [0, 4, 'missing', 4, 7],
    [4, 6, 'failed', 2, 7],
    [6, 10, 'missing', 4, 7],
    [20, 30, 'before_listing', 10, 7],
    [40, 50, 'halted', 10, null],
  ]);
  assert.deepEqual(withEvents(runs, [], CALENDAR_24_7, '1m'), runs);
});

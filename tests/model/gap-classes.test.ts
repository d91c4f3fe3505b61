import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { type Absence, NOTHING } from '../../src/model/coverage.js';
import { classify, type GapFacts, holesIn, sumUp } from '../../src/model/gap-classes.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';

const START = Date.UTC(2024, 0, 1);
const minutes = (...at: number[]): Float64Array => Float64Array.from(at, m => START + m * MINUTE);
const stretch = (from: number, to: number) => ({ from: START + from * MINUTE, to: START + to * MINUTE });
const record = (from: number, to: number, reason: Absence['reason'], next: number | null = null): Absence => ({
  ...stretch(from, to),
  reason,
  verdict: null,
  asked: ['somebody'],
  attempts: 1,
  firstAsked: START,
  lastAsked: START,
  evidence: reason,
  next,
});
const facts = (more: Partial<GapFacts>): GapFacts => ({
  calendar: CALENDAR_24_7,
  timeframe: '1m',
  holdings: NOTHING,
  finalBefore: START + DAY,
  ...more,
});

test('holes are found before the first bar, between two bars and after the last', () => {
  assert.deepEqual(
    holesIn(minutes(2, 3, 6), stretch(0, 8), CALENDAR_24_7, '1m').map(h => CALENDAR_24_7.count(h, '1m')),
    [2, 2, 1],
  );
  assert.deepEqual(holesIn(minutes(0, 1, 2), stretch(0, 3), CALENDAR_24_7, '1m'), []);
});

test('every absent bar is in exactly one run, whatever is recorded', () => {
  const recorded = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })), { maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(59)), recorded, fc.nat(70), (there, records, final) => {
      const ledger: Absence[] = [];
      for (const [from, length] of [...records].sort((a, b) => a[0] - b[0])) {
        if ((ledger.at(-1)?.to ?? 0) <= START + from * MINUTE) ledger.push(record(from, from + length, 'no_trade'));
      }
      const ts = minutes(...[...there].sort((a, b) => a - b));
      const runs = classify(ts, stretch(0, 60), facts({ holdings: { coverage: [], ledger }, finalBefore: START + final * MINUTE }));
      const absent = runs.flatMap(run => Array.from(CALENDAR_24_7.expected(run, '1m')).filter(at => !ts.includes(at)));
      const expected = Array.from(CALENDAR_24_7.expected(stretch(0, 60), '1m')).filter(at => !ts.includes(at));
      assert.deepEqual(
        absent.sort((a, b) => a - b),
        expected,
      );
      assert.equal(
        runs.reduce((n, run) => n + run.bars, 0),
        expected.length,
      );
    }),
  );
});

test('the first rule that fits decides: pending, lifetime, halt, optional, then what the ledger says, then missing', () => {
  const holdings = {
    coverage: [stretch(0, 60)],
    ledger: [record(0, 10, 'before_listing'), record(20, 30, 'provider_empty', START + DAY), record(30, 40, 'no_trade')],
  };
  const runs = classify(
    minutes(),
    stretch(0, 70),
    facts({ holdings, halted: [stretch(5, 12)], optional: [stretch(12, 14), stretch(25, 26)], finalBefore: START + 65 * MINUTE }),
  );
  assert.deepEqual(
    runs.map(r => [r.class, r.bars]),
    [
      ['before_listing', 10],
      ['halted', 2],
      ['optional', 2],
      ['missing', 6],
      ['provider_empty', 5],
      ['optional', 1],
      ['provider_empty', 4],
      ['no_trade', 10],
      ['missing', 20],
      ['missing', 5],
      ['pending', 5],
    ],
  );
  assert.equal(runs[4]?.next, START + DAY);
  assert.match(runs[8]?.evidence ?? '', /no reason was recorded/);
});

test('two holes of one class with bars between them stay two runs', () => {
  const runs = classify(
    minutes(1, 3),
    stretch(0, 4),
    facts({ holdings: { coverage: [stretch(0, 4)], ledger: [record(0, 4, 'no_trade')] } }),
  );
  assert.deepEqual(
    runs.map(r => [r.class, r.bars]),
    [
      ['no_trade', 1],
      ['no_trade', 1],
    ],
  );
});

test('totals count bars by class, and the longest runs come first', () => {
  const runs = classify(minutes(10), { from: START, to: START + HOUR }, facts({}));
  const { totals, longest } = sumUp(runs);
  assert.equal(totals.missing, 59);
  assert.deepEqual(
    longest.map(r => r.bars),
    [49, 10],
  );
});

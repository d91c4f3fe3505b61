/** Times by sessions: on both sides of a change of clocks, at half days, over breaks, and folded without loss. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCalendars } from '../../src/calendars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { checkSchedule, parseSeriesName, type Schedule, type When } from '../../src/model/schedule.js';
import { instantsOf, isInstant, type Row, rowsOf } from '../../src/model/schedule-times.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';

const calendars = readCalendars({});
const afterClose = (ms: number): When => ({ kind: 'afterClose', ms });
const whileOpen = (ms: number): When => ({ kind: 'whileOpen', ms });
const days = (from: string, to: string) => ({ from: Date.parse(`${from}T00:00Z`), to: Date.parse(`${to}T00:00Z`) });
const told = (instants: readonly number[]): string[] => instants.map(at => new Date(at).toISOString().slice(0, 16));

test('ten minutes after the close, on both sides of the change of clocks in New York, and in London two weeks apart', () => {
  const york = instantsOf(afterClose(10 * MINUTE), calendars.get('XNYS'), days('2024-03-07', '2024-03-13'));
  assert.deepEqual(told(york), ['2024-03-07T21:10', '2024-03-08T21:10', '2024-03-11T20:10', '2024-03-12T20:10']);
  const back = instantsOf(afterClose(10 * MINUTE), calendars.get('XNYS'), days('2024-10-31', '2024-11-05'));
  assert.deepEqual(told(back), ['2024-10-31T20:10', '2024-11-01T20:10', '2024-11-04T21:10']);
  const london = instantsOf(afterClose(10 * MINUTE), calendars.get('XLON'), days('2024-03-27', '2024-04-03'));
  assert.deepEqual(told(london), ['2024-03-27T16:40', '2024-03-28T16:40', '2024-04-02T15:40']);
});

test('a half day is over earlier, a holiday has no close', () => {
  const instants = instantsOf(afterClose(30 * MINUTE), calendars.get('XNYS'), days('2024-11-27', '2024-11-30'));
  assert.deepEqual(told(instants), ['2024-11-27T21:30', '2024-11-29T18:30']);
});

test('a market that never closes has its close at midnight UTC', () => {
  const instants = instantsOf(afterClose(10 * MINUTE), CALENDAR_24_7, days('2024-03-09', '2024-03-11'));
  assert.deepEqual(told(instants), ['2024-03-09T00:10', '2024-03-10T00:10']);
});

test('while it is open: counted from the open, the close counts, a break does not', () => {
  const tokyo = instantsOf(whileOpen(HOUR), calendars.get('XTKS'), days('2024-03-07', '2024-03-08'));
  assert.deepEqual(told(tokyo), ['2024-03-07T01:00', '2024-03-07T02:00', '2024-03-07T04:30', '2024-03-07T05:30']);
  const before = instantsOf(whileOpen(5 * MINUTE), calendars.get('XNYS'), days('2024-03-08', '2024-03-09'));
  const after = instantsOf(whileOpen(5 * MINUTE), calendars.get('XNYS'), days('2024-03-11', '2024-03-12'));
  assert.deepEqual([before.length, told(before)[0], told(before).at(-1)], [78, '2024-03-08T14:35', '2024-03-08T21:00']);
  assert.deepEqual([after.length, told(after)[0], told(after).at(-1)], [78, '2024-03-11T13:35', '2024-03-11T20:00']);
  assert.deepEqual(
    instantsOf(whileOpen(12 * HOUR), calendars.get('XNYS'), days('2024-03-01', '2024-04-01')),
    [],
    'no session is that long',
  );
});

test('a time of the plan is told from one at which somebody began a run', () => {
  const at = Date.parse('2024-03-11T20:10Z');
  assert.equal(isInstant(afterClose(10 * MINUTE), calendars.get('XNYS'), at), true);
  assert.equal(isInstant(afterClose(10 * MINUTE), calendars.get('XNYS'), at + 1_000), false);
});

const pad = (n: number): string => String(n).padStart(2, '0');
const unfolded = (rows: readonly Row[]): number[] =>
  rows.flatMap(({ year, month, days: inDays, hours, minutes, second }) =>
    inDays.flatMap(day =>
      hours.flatMap(hour =>
        minutes.map(minute => Date.parse(`${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}Z`)),
      ),
    ),
  );

test('rows hold the same instants, each once', () => {
  const second = fc.integer({ min: Date.UTC(2024, 11, 20) / 1_000, max: Date.UTC(2025, 1, 10) / 1_000 });
  fc.assert(
    fc.property(fc.uniqueArray(second, { maxLength: 60 }), seconds => {
      const instants = seconds.map(s => s * 1_000);
      assert.deepEqual(
        unfolded(rowsOf(instants)).sort((a, b) => a - b),
        [...instants].sort((a, b) => a - b),
      );
    }),
  );
});

test('five weeks of a market every five minutes, over a change of clocks, are some rows', () => {
  const from = Date.parse('2024-02-26T00:00Z');
  const instants = instantsOf(whileOpen(5 * MINUTE), calendars.get('XNYS'), { from, to: from + 35 * DAY });
  const rows = rowsOf(instants);
  assert.deepEqual(
    unfolded(rows).sort((a, b) => a - b),
    instants,
  );
  assert.ok(rows.length <= 12, `${rows.length} rows`);
});

test('a series is named as people do, and nothing else is taken for one', () => {
  assert.deepEqual(parseSeriesName('BTCUSDT 1m'), { dataset: undefined, symbol: 'BTCUSDT', timeframe: '1m' });
  assert.deepEqual(parseSeriesName('icmarkets.12345:EURUSD 1M'), { dataset: 'icmarkets.12345', symbol: 'EURUSD', timeframe: '1mo' });
  for (const text of ['BTCUSDT', 'BTCUSDT 1m 2m', '', 'BTCUSDT 7m']) assert.throws(() => parseSeriesName(text));
});

test('what reaches a run from outside is a schedule, or is refused', () => {
  const schedule: Schedule = {
    name: 'x',
    series: ['BTCUSDT 1m'],
    mode: 'tail',
    when: { kind: 'cron', cron: '5 0 * * *', timezone: 'UTC' },
    overlap: 'skip',
    catchUpMs: 0,
    jitterMs: 0,
    atOnce: 4,
    silenceMs: 10_000,
  };
  assert.equal(checkSchedule(schedule), schedule);
  const wrong = [
    { name: '../x' },
    { series: 'BTCUSDT 1m' },
    { mode: 'local' },
    { when: { kind: 'whileOpen', ms: 10 } },
    { atOnce: 0 },
    { when: null },
  ];
  for (const part of wrong) assert.throws(() => checkSchedule({ ...schedule, ...part }), { code: 'USAGE' }, JSON.stringify(part));
});

/** Schedules as a person writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchedule, parseSettings, scheduleOf } from '../../src/settings.js';

const read = (text: string) => parseSettings({ file: { name: 'tapekeep.yaml', text } }).schedules;

test('an entry says when in one of three ways; lengths are written with their unit', () => {
  const [nightly, close, live] = read(`schedules:
  - { name: nightly, cron: 5 0 * * mon-fri, timezone: Europe/Berlin, mode: full, overlap: bufferOne, catchUp: 1h, jitter: 30s, priority: 1 }
  - name: us-close
    afterClose: 10m
    series: [AAPL 1m, 'ic.1:EURUSD 1h']
  - { name: live, whileOpen: 5m }
`);
  const worker = { loadsAtOnce: 4, silenceMs: 10_000 };
  assert.deepEqual(nightly && scheduleOf(nightly, { worker }), {
    name: 'nightly',
    series: null,
    mode: 'full',
    when: { kind: 'cron', cron: '5 0 * * mon-fri', timezone: 'Europe/Berlin' },
    overlap: 'bufferOne',
    catchUpMs: 3_600_000,
    jitterMs: 30_000,
    priority: 1,
    atOnce: 4,
    silenceMs: 10_000,
  });
  assert.deepEqual(close && scheduleOf(close, { worker }), {
    name: 'us-close',
    series: ['AAPL 1m', 'ic.1:EURUSD 1h'],
    mode: 'tail',
    when: { kind: 'afterClose', ms: 600_000 },
    overlap: 'skip',
    catchUpMs: 604_800_000,
    jitterMs: 0,
    atOnce: 4,
    silenceMs: 10_000,
  });
  assert.deepEqual(live && scheduleOf(live, { worker }).when, { kind: 'whileOpen', ms: 300_000 });
});

test('an entry may ask for a second opinion instead of loading', () => {
  const [doubt, other] = read(`schedules:
  - { name: doubt, cron: 0 6 * * sun, reverify: take, sample: 0.02 }
  - { name: other, cron: 0 7 * * sun, compare: polygon }
`);
  const worker = { loadsAtOnce: 4, silenceMs: 10_000 };
  assert.deepEqual(doubt && scheduleOf(doubt, { worker }).opinion, { kind: 'reverify', provider: null, share: 0.02, take: true });
  assert.deepEqual(other && scheduleOf(other, { worker }).opinion, { kind: 'compare', provider: 'polygon', share: 0.01, take: false });
});

test('what cannot be is refused with its line and what is allowed', () => {
  const cases: Readonly<Record<string, RegExp>> = {
    '{ name: x, cron: 5 0 * * *, compare: polygon, reverify: report }': /one of compare and reverify/,
    '{ name: x }': /tapekeep\.yaml:2.*one of cron, afterClose and whileOpen/s,
    '{ name: x, cron: 5 0 * * *, afterClose: 1m }': /one of cron, afterClose and whileOpen/,
    '{ name: x, cron: 61 0 * * * }': /schedules\[0\]\.cron.*five fields of cron/s,
    '{ name: x, cron: every day }': /five fields of cron/,
    '{ name: x, cron: 0 0 L * * }': /five fields of cron/,
    '{ name: x, cron: 5 0 * * *, timezone: Mars/Olympus }': /schedules\[0\]\.timezone.*Europe\/Berlin/s,
    '{ name: x, afterClose: 5m, timezone: UTC }': /sessions have that of their market/,
    '{ name: x, afterClose: 5 }': /schedules\[0\]\.afterClose.*10m/s,
    '{ name: x, whileOpen: 30s }': /schedules\[0\]\.whileOpen/,
    '{ name: x y, cron: 5 0 * * * }': /schedules\[0\]\.name/,
    '{ name: x, cron: 5 0 * * *, series: [BTCUSDT] }': /a list of names such as "BTCUSDT 1m"/,
    '{ name: x, cron: 5 0 * * *, watchlist: majors }': /schedules\[0\]\.watchlist.*one of watchlists: there is none/s,
    '{ name: x, cron: 5 0 * * *, seris: [BTCUSDT 1m] }': /there is no setting schedules\[0\]\.seris/,
  };
  for (const [entry, message] of Object.entries(cases)) assert.throws(() => read(`schedules:\n  - ${entry}\n`), { message }, entry);
  assert.throws(() => read('schedules:\n  - { name: x, whileOpen: 5m }\n  - { name: x, whileOpen: 6m }\n'), /each name once/);
});

test('one that is made by hand is held against the same shape', () => {
  assert.equal(parseSchedule({ name: 'x', cron: '*/2 * * * * *' }).cron, '*/2 * * * * *');
  assert.throws(() => parseSchedule({ name: 'x', cron: 'never' }), /cron: "never" is not allowed. Allowed: five fields of cron/);
  assert.throws(
    () => parseSchedule({ name: 'x', cron: '5 0 * * *', catchUp: '1s' }),
    /catchUp: "1s" is not allowed. Allowed: a length of time/,
  );
  assert.throws(
    () => parseSchedule({ name: 'x', cron: '5 0 * * *', mode: 'local' }),
    /mode: "local" is not allowed. Allowed: tail, full, backfill/,
  );
});

/** tapekeep calendar list, sessions, expected, check: as a person types them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readCalendars } from '../../src/calendars.js';
import { addBars, doubtsOf, noDays } from '../../src/model/calendar.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { run } from '../client/cli-run.js';

const folder = mkdtempSync(join(tmpdir(), 'tapekeep-calendar-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, 'tapekeep.yaml');
const overlay = join(folder, 'mine.yaml');
writeFileSync(config, JSON.stringify({ data: join(folder, 'data') }));

const calendar = (...words: string[]) => run({ config }, 'calendar', ...words);
const expected = async (...words: string[]): Promise<unknown> => JSON.parse((await calendar('expected', ...words, '--json')).out);

test('expected tells how many bars, the first and the last', async () => {
  assert.deepEqual(await expected('XNYS', '1m', '--from', '2024-11-29', '--to', '2024-11-30'), {
    count: 210,
    first: '2024-11-29T14:30:00.000Z',
    last: '2024-11-29T17:59:00.000Z',
  });
  assert.deepEqual(await expected('NASDAQ', '1m', '--from', '2024-11-29', '--to', '2024-11-30', '--session', 'extended'), {
    count: 780,
    first: '2024-11-29T09:00:00.000Z',
    last: '2024-11-29T21:59:00.000Z',
  });
  assert.deepEqual(await expected('XNYS', '1m', '--from', '2024-11-28', '--to', '2024-11-29'), { count: 0, first: null, last: null });
  assert.deepEqual(await expected('XNYS', '1m', '--from', '2024-11-29T14:31Z', '--to', '2024-11-29T14:32Z'), {
    count: 1,
    first: '2024-11-29T14:31:00.000Z',
    last: '2024-11-29T14:31:00.000Z',
  });
});

test('what the calendar does not know is said beside the answer, not in it', async () => {
  const { out, err } = await calendar('expected', 'XNYS', '1d', '--from', '2030-01-01', '--to', '2031-01-01', '--json');
  assert.equal(JSON.parse(out).count, 261);
  assert.match(err, /XNYS knows the days from 1990-01-01 to 2027-12-31; days outside are taken as open by the weekly rule/);
});

test('sessions shows a month by the local clock and in UTC', async () => {
  const { out, code } = await calendar('sessions', 'XNYS', '2024-11');
  assert.equal(code, 0);
  assert.equal(out.trim().split('\n').length, 21);
  assert.match(out, /2024-11-29 +fri +09:30 to 13:00 +2024-11-29T14:30Z to 2024-11-29T18:00Z/);
  const rows = JSON.parse((await calendar('sessions', 'XTKS', '2024-11-05', '--json')).out);
  assert.deepEqual(rows[0].segments[1], { from: '2024-11-05T03:30:00.000Z', to: '2024-11-05T06:30:00.000Z' });
  assert.match((await calendar('sessions', 'XNYS', '2024-11-28')).out, /no session in 2024-11-28/);
});

test('list names every calendar with its version and other names', async () => {
  const rows: { name: string; version: string; names: string[] }[] = JSON.parse((await calendar('list', '--json')).out);
  assert.equal(rows.length, 12);
  assert.ok(rows.every(r => /^[0-9a-f]{12}$/.test(r.version)));
  assert.ok(rows.find(r => r.name === 'XETR')?.names.includes('XFRA'));
});

test('what cannot be is refused with what to do', async () => {
  const refused = async (pattern: RegExp, ...words: string[]) => {
    const { code, out, err } = await calendar(...words);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, pattern);
  };
  await refused(/no calendar XNYX\. Known: CMES/, 'expected', 'XNYX', '1m', '--from', '2024-01-01', '--to', '2024-01-02');
  await refused(/give --from and --to/, 'expected', 'XNYS', '1m');
  await refused(/the end comes before the beginning/, 'expected', 'XNYS', '1m', '--from', '2024-01-02', '--to', '2024-01-01');
  await refused(
    /--session is one of regular, extended/,
    'expected',
    'XNYS',
    '1m',
    '--from',
    '2024-01-01',
    '--to',
    '2024-01-02',
    '--session',
    'x',
  );
  await refused(/is no year, month or day/, 'sessions', 'XNYS', 'november');
});

test('an overlay of the settings holds for the commands, and one that is wrong is refused with its line', async () => {
  const own = join(folder, 'own.yaml');
  writeFileSync(own, JSON.stringify({ data: join(folder, 'data'), calendars: { overlay } }));
  writeFileSync(overlay, 'XNYS:\n  holidays: {2024: 11-26}\n');
  assert.match((await run({ config: own }, 'calendar', 'sessions', 'XNYS', '2024-11-26')).out, /no session/);
  writeFileSync(overlay, 'XNYS:\n  holidays: {2024: 11-31}\n');
  const { code, err } = await run({ config: own }, 'calendar', 'sessions', 'XNYS', '2024-11-26');
  assert.equal(code, 2);
  assert.match(err, /mine\.yaml:2: .*2024-11-31 is not a date.*CALENDAR_INVALID/s);
});

test('check of an empty data folder finds nothing to doubt', async () => {
  assert.match((await calendar('check')).out, /0 series looked at: no day is in doubt/);
});

test('bars on a closed day and an open day without bars are found', () => {
  const xnys = readCalendars().get('XNYS');
  const at = (text: string): number => Date.parse(`${text}T00:00Z`);
  const within = { from: at('2024-11-25'), to: at('2024-12-03') };
  const stamps = [...xnys.expected(within, '1h')].filter(ts => ts < at('2024-11-26') || ts >= at('2024-11-27'));
  stamps.push(at('2024-11-28') + 15 * HOUR, at('2024-11-28') + 16 * HOUR, at('2024-11-27') + 23 * HOUR);
  const days = noDays();
  addBars(
    days,
    xnys,
    '1h',
    stamps.sort((a, b) => a - b),
  );
  assert.deepEqual(doubtsOf(days, xnys, '1h', [within]), { strays: [[at('2024-11-28'), 2]], silent: [at('2024-11-26')] });
  const daily = noDays();
  addBars(daily, xnys, '1d', [at('2024-11-25'), at('2024-11-28')]);
  assert.deepEqual(doubtsOf(daily, xnys, '1d', [{ from: at('2024-11-25'), to: at('2024-11-25') + 2 * DAY }]), {
    strays: [[at('2024-11-28'), 1]],
    silent: [at('2024-11-26')],
  });
});

/** A calendar file that is wrong is refused with its line; an overlay changes days without a release. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { calendarFor, calendarsThatFit, OWN_FOLDER, readCalendars } from '../../src/calendars.js';
import { isTapekeepError, type TapekeepError } from '../../src/model/errors.js';
import type { AssetClass } from '../../src/model/series.js';
import { DAY } from '../../src/model/timeframe.js';

const folder = mkdtempSync(join(tmpdir(), 'tapekeep-calendars-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const PIT = `timezone: America/Chicago
aliases: [PIT1]
coverage: {from: 2020-01-01, to: 2027-12-31}
weekdays: [mon, tue, wed, thu, fri]
hours:
  - {from: 2020-01-01, open: "08:30", close: "13:20"}
  - {from: 2022-01-03, open: "08:30", close: "13:20", breaks: ["10:00-10:05"]}
early_closes:
  "12:00":
    2024: 12-24
holidays:
  2024: 01-01 12-25
corrections:
  - {from: 2023-01-02, to: 2023-06-30, close: "14:00", why: trial}
  - {date: 2024-12-26, closed: true, why: storm}
`;

let made = 0;
function folderWith(text: string): string {
  const own = join(folder, String(made++));
  cpSync(OWN_FOLDER, own, { recursive: true });
  writeFileSync(join(own, 'PIT.yaml'), text);
  return own;
}

function overlayOf(text: string): string {
  const file = join(folder, `overlay-${made++}.yaml`);
  writeFileSync(file, text);
  return file;
}

function refusal(read: () => unknown): TapekeepError {
  try {
    read();
  } catch (error) {
    assert.ok(isTapekeepError(error), String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

const at = (text: string): number => Date.parse(`${text}T00:00Z`);
const closed = (of: { sessions: (i: { from: number; to: number }) => unknown[] }, date: string): boolean =>
  of.sessions({ from: at(date), to: at(date) + DAY }).length === 0;

const WRONG: readonly [what: string, from: string, to: string, line: number, reason: RegExp][] = [
  ['an unknown zone', 'America/Chicago', 'America/Chikago', 1, /no time zone "America\/Chikago"/],
  ['an offset for a zone', 'America/Chicago', '"-06:00"', 1, /no time zone "-06:00"/],
  ['a date that does not exist', '12-24', '02-30', 10, /2024-02-30 is not a date/],
  ['a date as people write it elsewhere', 'date: 2024-12-26', 'date: 26.12.2024', 15, /"26\.12\.2024" is not a date/],
  ['a holiday listed twice', '01-01 12-25', '01-01 01-01', 12, /2024-01-01 is listed twice/],
  ['a holiday on a Saturday', '01-01 12-25', '01-06', 12, /2024-01-06 is a sat/],
  ['a half day that is a holiday', '01-01 12-25', '12-24 12-25', 10, /2024-12-24 is a holiday, too/],
  ['regimes in the wrong order', '{from: 2022-01-03', '{from: 2019-01-03', 7, /overlapping regimes/],
  ['two regimes from one day', '{from: 2022-01-03', '{from: 2020-01-01', 7, /overlapping regimes/],
  [
    'a range that another overlaps',
    'corrections:\n',
    'corrections:\n  - {from: 2023-06-01, to: 2023-12-29, open: "08:00"}\n',
    15,
    /overlapping regimes/,
  ],
  ['a range backwards', 'to: 2023-06-30', 'to: 2022-06-30', 14, /2022-06-30 comes before 2023-01-02/],
  ['hours that begin too late', '{from: 2020-01-01, open', '{from: 2021-01-01, open', 6, /begins after the coverage/],
  ['a close before the open', 'close: "13:20"}', 'close: "08:20"}', 6, /open at 08:30 and close at 08:20/],
  ['a half day before the open', '"12:00":', '"08:00":', 10, /2024-12-24: it would open at 08:30 and close at 08:00/],
  ['a session longer than a day', '"08:30", close: "13:20"}', '"08:30 -1d", close: "13:20"}', 6, /longer than a day/],
  ['a time that no clock shows', '"13:20"}', '"13:60"}', 6, /"13:60" is not a time/],
  ['breaks that overlap', '["10:00-10:05"]', '["10:00-10:05", "10:04-10:10"]', 7, /breaks overlap/],
  ['a coverage that ends before it begins', 'to: 2027-12-31', 'to: 2019-12-31', 3, /coverage\.to: ends before it begins/],
  ['an unknown field', 'aliases:', 'alias:', 2, /there is no field "alias"/],
  ['an unknown field of a correction', 'closed: true', 'close_d: true', 15, /there is no field "close_d"/],
  ['an unknown weekday', '[mon,', '[moon,', 4, /weekday is one of/],
  ['a field that is missing', 'holidays:\n  2024: 01-01 12-25\n', '', 1, /holidays is missing/],
  ['an alias that is taken', '[PIT1]', '[NYSE]', 2, /the name NYSE belongs to|the name NYSE/],
  ['another name than its file', 'timezone', 'calendar: PUT\ntimezone', 1, /calls itself "PUT"/],
  ['a key given twice', 'aliases: [PIT1]', 'timezone: UTC', 2, /keys must be unique/i],
  ['no calendar at all', PIT, '- a\n- b\n', 1, /./],
];

describe('a file with a fault is refused, with its line', () => {
  test('and one without is taken', () => {
    const pit = readCalendars({ folder: folderWith(PIT) }).get('pit1');
    assert.equal(pit.name, 'PIT');
    assert.ok(closed(pit, '2024-12-26') && closed(pit, '2024-12-25') && !closed(pit, '2024-12-24'));
  });

  for (const [what, from, to, line, reason] of WRONG) {
    test(what, () => {
      assert.ok(PIT.includes(from));
      const error = refusal(() => readCalendars({ folder: folderWith(PIT.replace(from, to)) }));
      assert.equal(error.code, 'CALENDAR_INVALID');
      assert.match(error.message, reason);
      if (what !== 'an alias that is taken') assert.match(error.message, new RegExp(`PIT\\.yaml:${line}: `));
      assert.match(error.message, /\.yaml:\d+: /);
    });
  }

  test('another name for a calendar that is not there', () => {
    assert.match(refusal(() => readCalendars({ folder: folderWith('same_as: XNIX\n') })).message, /PIT\.yaml:1: .*no calendar XNIX/);
  });

  test('a folder or an overlay that is not there', () => {
    assert.equal(refusal(() => readCalendars({ folder: join(folder, 'nowhere') })).code, 'CALENDAR_INVALID');
    assert.match(refusal(() => readCalendars({ overlay: join(folder, 'nowhere.yaml') })).message, /nowhere\.yaml.*no such file/);
  });

  test('an alias of YAML is not followed', () => {
    assert.equal(refusal(() => readCalendars({ folder: folderWith(`a: &x 1\nb: *x\n${PIT}`) })).code, 'CALENDAR_INVALID');
  });
});

describe('an overlay', () => {
  const own = readCalendars();
  const overlaid = (text: string) => readCalendars({ overlay: overlayOf(text) });

  test('closes a day, shortens one, opens one, and changes the version', () => {
    const changed = overlaid(`XNYS:
  holidays: {2025: 03-14}
  early_closes: {"13:00": {2026: 07-02}, "12:00": {2024: 11-29}}
  corrections:
    - {date: 2025-01-09, closed: false, why: opened after all}
    - {date: 2024-11-26, open: "10:00", why: late}
`).get('XNYS');
    const minutes = (of: typeof changed, date: string) => of.count({ from: at(date), to: at(date) + DAY }, '1m');
    assert.deepEqual(
      ['2025-03-14', '2026-07-02', '2024-11-29', '2025-01-09', '2024-11-26', '2024-11-25'].map(date => minutes(changed, date)),
      [0, 210, 150, 390, 360, 390],
    );
    assert.deepEqual(
      ['2025-03-14', '2026-07-02', '2024-11-29', '2025-01-09', '2024-11-26'].map(date => minutes(own.get('XNYS'), date)),
      [390, 390, 210, 0, 390],
    );
    assert.notEqual(changed.version, own.get('XNYS').version);
  });

  test('has the last word over a correction of ours', () => {
    assert.ok(closed(overlaid('XTKS: {holidays: {1998: 05-06}}\n').get('XTKS'), '1998-05-06'));
    const late = overlaid('XHKG: {corrections: [{date: 2023-09-01, closed: false}]}\n').get('XHKG');
    assert.ok(!closed(late, '2023-09-01') && closed(own.get('XHKG'), '2023-09-01'));
  });

  test('leaves all other calendars and their versions as they were', () => {
    const changed = overlaid('XNAS: {holidays: {2025: 03-14}}\n');
    assert.equal(changed.get('NASDAQ').name, 'XNYS');
    assert.ok(closed(changed.get('XNYS'), '2025-03-14'), 'another name for a calendar is that calendar');
    for (const { name, version } of own.all) if (name !== 'XNYS') assert.equal(changed.get(name).version, version);
    assert.deepEqual(
      readCalendars({ overlay: overlayOf('') }).all.map(c => c.version),
      own.all.map(c => c.version),
    );
  });

  test('adds a calendar, and new names for one', () => {
    const changed = overlaid(`PIT:\n${PIT.replace(/^/gm, '  ')}\nARENA: {same_as: XNYS}\n`);
    assert.equal(changed.get('PIT').timezone, 'America/Chicago');
    assert.equal(changed.get('arena').name, 'XNYS');
  });

  test('is refused with its file and line, too', () => {
    const wrong = (text: string) => refusal(() => overlaid(text)).message;
    assert.match(wrong('XNYS:\n  holidays:\n    2025: 02-30\n'), /overlay-\d+\.yaml:3: .*2025-02-30 is not a date/);
    assert.match(wrong('XNYS:\n  holydays: {}\n'), /overlay-\d+\.yaml:2: .*no field "holydays"/);
    assert.match(wrong('XNYS:\n  early_closes: {"13:00": {2025: 12-25}}\n'), /overlay-\d+\.yaml:2: .*holiday, too/);
    assert.match(wrong('PIT:\n  timezone: UTC\n'), /overlay-\d+\.yaml:1: .*missing/);
    assert.match(wrong('- XNYS\n'), /overlay has calendars by name/);
  });
});

describe('the calendar of a series', () => {
  const calendars = readCalendars();
  const series = (assetClass: AssetClass, symbol = 'X') => ({ series: { dataset: 'main', assetClass, symbol, timeframe: '1m' as const } });

  test('is the one that is named, by any of its names', () => {
    assert.equal(calendarFor(calendars, { ...series('stock'), calendar: 'nasdaq' }).name, 'XNYS');
    assert.match(refusal(() => calendarFor(calendars, { ...series('stock'), calendar: 'XNIX' })).message, /no calendar XNIX\. Known: CMES/);
  });

  test('is assumed for crypto only; for others those that fit are proposed', () => {
    assert.equal(calendarFor(calendars, series('crypto')).count({ from: 0, to: DAY }, '1m'), 1440);
    const error = refusal(() => calendarFor(calendars, series('fx', 'EURUSD')));
    assert.equal(error.code, 'CALENDAR_UNKNOWN');
    assert.match(error.message, /EURUSD 1m.*Calendars that fit: FOREX/);
    assert.match(refusal(() => calendarFor(calendars, series('stock', 'VOD.L'))).message, /Calendars that fit: XLON$/);
  });

  test('every proposal is a calendar that there is', () => {
    const classes: AssetClass[] = ['crypto', 'stock', 'etf', 'index', 'fx', 'future', 'fund', 'bond', 'commodity', 'other'];
    const symbols = ['X', 'VOD.L', '7203.T', '0700.HK', 'SAP.DE', 'SAP.F', 'RY.TO', 'X.V', 'BHP.AX'];
    for (const assetClass of classes)
      for (const symbol of symbols) for (const name of calendarsThatFit({ assetClass, symbol })) assert.ok(calendars.find(name), name);
  });
});

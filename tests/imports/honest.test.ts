/** What a file leaves open is asked: a reading that is taken without a question is the right one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCalendars } from '../../src/calendars.js';
import { BROKER, wallClock } from '../../src/imports/detect/zones.js';
import { detect, type Given, placeRows, readRows } from '../../src/imports/index.js';
import { CALENDAR_24_7, type Calendar } from '../../src/model/calendar.js';
import { DAY, HOUR, MINUTE, nominalMs, type Timeframe } from '../../src/model/timeframe.js';

const calendars = readCalendars({});
const HEADING = 'time,open,high,low,close,volume';
const bytesOf = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
const rowAt = (stamp: string | number) => `${stamp},100,102,99,101,5`;

function found(stamps: readonly (string | number)[], given: Given = {}, calendar: Calendar | undefined = undefined, name = 'EURUSD.csv') {
  return detect({ name, pieces: [bytesOf([HEADING, ...stamps.map(rowAt)])] }, given, () => calendar);
}

const two = (n: number) => String(n).padStart(2, '0');
const dateText = (at: number, write: (y: number, m: string, d: string) => string) => {
  const date = new Date(at);
  return write(date.getUTCFullYear(), two(date.getUTCMonth() + 1), two(date.getUTCDate()));
};
const clockText = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
const asked = ({ questions }: ReturnType<typeof found>) => questions.map(({ about, options }) => `${about}: ${options.join(' or ')}`);
const SAID = { zone: 'UTC', stamp: 'open' } as const;

test('a heading in the middle says nothing of the order of dates', () => {
  const hours = Array.from({ length: 96 }, (_, i) => Date.UTC(2024, 1, 5) + i * HOUR);
  const lines: string[] = hours.map(at => `${dateText(at, (y, m, d) => `${d}/${m}/${y}`)} ${two(new Date(at).getUTCHours())}:00`);
  lines.splice(40, 0, 'Date');
  const { layout, questions, timeframe } = found(lines, SAID);
  assert.deepEqual([layout.time.order, timeframe, questions], ['dmy', '1h', []]);
});

test('years of two digits may stand first', () => {
  const lines = Array.from({ length: 20 }, (_, i) => dateText(Date.UTC(2024, 0, 5) + i * DAY, (y, m, d) => `${y % 100}/${m}/${d}`));
  assert.deepEqual([found(lines).layout.time.order, found(lines).timeframe], ['ymd', '1d']);
  assert.deepEqual(asked(found(['01/02/03', '01/02/03'], { ...SAID, timeframe: '1d' })), ['date order: dmy or mdy or ymd']);
});

test('the firsts of twelve months are as well twelve days of a January: that is asked', () => {
  const months = Array.from({ length: 12 }, (_, i) => `01/${two(i + 1)}/2024`);
  assert.deepEqual(asked(found(months)), ['date order: dmy or mdy']);
  const more = Array.from({ length: 36 }, (_, i) => `01/${two((i % 12) + 1)}/${2022 + Math.floor(i / 12)}`);
  assert.deepEqual([found(more).layout.time.order, found(more).timeframe, asked(found(more))], ['dmy', '1mo', []]);
});

test('dates of two ways are asked, and both are named', () => {
  const { questions } = found(['13/01/2024', '01/14/2024', '15/01/2024', '16/01/2024'], { ...SAID, timeframe: '1d' });
  assert.equal(questions[0]?.about, 'date order');
  assert.match(questions[0]?.says ?? '', /01\/14\/2024.*13\/01\/2024/);
});

test('a zone of the IANA is what its name says, also where a sign stands in it', () => {
  const noon = Date.UTC(2024, 0, 2, 12);
  assert.deepEqual(wallClock('Etc/GMT+5').momentsOf(noon), [noon + 5 * HOUR]);
  assert.deepEqual(wallClock('UTC+5').momentsOf(noon), [noon - 5 * HOUR]);
  assert.deepEqual(wallClock(BROKER).momentsOf(noon), [noon - 2 * HOUR]);
});

test('stamps of which some say an offset and others none are asked, never taken for UTC', () => {
  const stamps = Array.from({ length: 30 }, (_, i) => `${clockText(Date.UTC(2024, 0, 2) + i * HOUR)}${i % 3 ? 'Z' : ''}`);
  assert.deepEqual(asked(found(stamps, {}, CALENDAR_24_7)), ['zone: UTC', 'stamp: open or close']);
  assert.deepEqual(asked(found(stamps, { zone: 'Europe/Berlin', stamp: 'open' }, CALENDAR_24_7)), []);
});

test('a zone that is said plays no part for stamps that are moments, neither for their side', () => {
  const opens = Array.from(calendars.get('XNYS').expected({ from: Date.UTC(2024, 2, 4), to: Date.UTC(2024, 2, 16) }, '5m'));
  const { zone, stamp, questions } = found(
    opens.map(at => at / 1000),
    { zone: 'America/New_York' },
    calendars.get('XNYS'),
  );
  assert.deepEqual([zone, stamp, questions], ['UTC', 'open', []]);
});

test('a chart of TradingView whose stamps lost their offset has no zone by itself', () => {
  const stamps = Array.from({ length: 30 }, (_, i) => new Date(Date.UTC(2024, 0, 2) + i * HOUR).toISOString().slice(0, 19));
  const lines = ['time,open,high,low,close,Volume', ...stamps.map(rowAt)];
  const { dialect, questions } = detect({ name: 'BINANCE_BTCUSDT, 60.csv', pieces: [bytesOf(lines)] }, {}, () => CALENDAR_24_7);
  assert.equal(dialect, 'tradingview');
  assert.ok(questions.some(({ about }) => about === 'zone'));
});

test('a sample of winters does not tell a clock that is set in summer from one that is not', () => {
  const fx = calendars.get('FOREX');
  const weeksOf = (year: number) => Array.from(fx.expected({ from: Date.UTC(year, 0, 7), to: Date.UTC(year, 1, 4) }, '1h'));
  const pieces = [2019, 2020, 2021].map((year, i) => bytesOf([...(i === 0 ? [HEADING] : []), ...weeksOf(year).map(clockText).map(rowAt)]));
  const { questions } = detect({ name: 'EURUSD.csv', pieces }, { stamp: 'open' }, () => fx);
  assert.equal(questions[0]?.about, 'zone');
  assert.ok(['UTC', 'Europe/London'].every(zone => questions[0]?.options.includes(zone)));
  const alone = detect({ name: 'EURUSD.csv', pieces: pieces.slice(0, 1) }, { stamp: 'open' }, () => fx);
  assert.deepEqual([alone.zone, alone.questions], ['UTC', []]);
});

const MARKETS: readonly (readonly [string, Calendar, readonly Timeframe[]])[] = [
  ['crypto', CALENDAR_24_7, ['1m', '1h', '4h']],
  ['FX', calendars.get('FOREX'), ['5m', '1h']],
  ['US futures', calendars.get('CMES'), ['5m', '1h']],
  ['US stocks', calendars.get('XNYS'), ['5m', '30m']],
];
const ZONES = [
  'UTC',
  'America/New_York',
  'America/Chicago',
  'Europe/London',
  'Europe/Helsinki',
  'Europe/Berlin',
  'UTC+2',
  'Asia/Tokyo',
  BROKER,
];
/** Weeks in which clocks are set, in America and in Europe, and some others. */
const STARTS = [
  Date.UTC(2024, 2, 7),
  Date.UTC(2024, 2, 28),
  Date.UTC(2023, 9, 26),
  Date.UTC(2023, 10, 2),
  Date.UTC(2024, 6, 1),
  Date.UTC(2024, 0, 12),
];

for (const [market, calendar, timeframes] of MARKETS)
  test(`${market}: a file of any length is read right or asked about, never wrong and silent`, () => {
    let certain = 0;
    const files = fc.record({
      timeframe: fc.constantFrom(...timeframes),
      zone: fc.constantFrom(...ZONES),
      stamp: fc.constantFrom('open', 'close'),
      start: fc.constantFrom(...STARTS),
      skip: fc.nat(200),
      rows: fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 20, max: 600 })),
    });
    fc.assert(
      fc.property(files, ({ timeframe, zone, stamp, start, skip, rows }) => {
        const length = nominalMs(timeframe);
        const opens = Array.from(calendar.expected({ from: start, to: start + 60 * DAY }, timeframe)).slice(skip, skip + rows);
        const clock = wallClock(zone);
        // What the clock on the wall showed: the only local time whose moment it is.
        const shown = (at: number) =>
          Array.from({ length: 105 }, (_, q) => at + (q - 52) * 15 * MINUTE).find(local => clock.momentsOf(local).includes(at));
        const stamps = opens.map(at => shown(at + (stamp === 'close' ? length : 0)));
        if (stamps.includes(undefined)) return;
        const bytes = bytesOf([HEADING, ...stamps.map(at => rowAt(clockText(at as number)))]);
        const told = detect({ name: 'EURUSD.csv', pieces: [bytes] }, { timeframe }, () => calendar);
        if (told.questions.length > 0 || !told.zone || !told.stamp) return;
        certain++;
        const read = readRows(bytes.subarray(HEADING.length + 1), told.layout, 2, 'x');
        const { bars } = placeRows(read, { zone: told.zone, stamp: told.stamp, timeframe, calendar, now: Number.POSITIVE_INFINITY });
        const wrong = opens.filter((at, i) => bars.ts[i] !== at).length;
        assert.equal(
          wrong,
          0,
          `${wrong} of ${opens.length} bars of ${timeframe} in ${zone}, ${stamp}, taken for ${told.zone}, ${told.stamp}: ${told.evidence.join('; ')}`,
        );
      }),
      { numRuns: 300 },
    );
    assert.ok(market === 'crypto' ? certain === 0 : certain > 5, `${certain} were certain`);
  });

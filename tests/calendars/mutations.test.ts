/** The usual mistakes of calendars, made on purpose: each has to break many of the probes, and the true calendars none. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { type Calendars, OWN_FOLDER, readCalendars } from '../../src/calendars.js';
import type { View } from '../../src/model/calendar.js';
import { mix, unitOf } from '../../src/model/random.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { Oracle } from './oracle.js';

const folder = mkdtempSync(join(tmpdir(), 'tapekeep-mutations-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Probe {
  readonly calendar: string;
  readonly from: number;
  readonly to: number;
  readonly timeframe: '1m' | '1h';
  readonly bars: readonly number[];
}

const PROBES = 400;
const own = readCalendars();
const probes = makeProbes();

/** Random ranges of up to twenty days, with the bars that the oracle sees in them. */
function makeProbes(): Probe[] {
  let drawn = 20_241_129;
  const random = () => unitOf(mix(drawn++));
  const oracles = new Map(own.all.map(c => [c.name, new Oracle(c.name)]));
  return Array.from({ length: PROBES }, () => {
    const calendar = own.all[Math.floor(random() * own.all.length)]?.name ?? '';
    // Half days cluster at the end of the year: a quarter of the probes begin there.
    const year = 2000 + Math.floor(random() * 27);
    const from = Date.UTC(year, 0, 1) + Math.floor((random() < 0.25 ? 325 + random() * 30 : random() * 365) * 1440) * MINUTE;
    const to = from + Math.floor(random() * 20 * 1440) * MINUTE;
    const timeframe = random() < 0.5 ? '1m' : '1h';
    return { calendar, from, to, timeframe, bars: oracles.get(calendar)?.bars(from, to, timeframe === '1m' ? 1 : 60) ?? [] };
  });
}

/** How many probes a set of calendars gets wrong: another count, or another bar. */
function broken(calendars: Calendars, view: Partial<View> = {}): number {
  return probes.filter(({ calendar, from, to, timeframe, bars }) => {
    const of = calendars.get(calendar).as(view);
    if (of.count({ from, to }, timeframe) !== bars.length) return true;
    const list = of.expected({ from, to }, timeframe);
    return bars.some((ts, i) => list[i] !== ts);
  }).length;
}

type File = Record<string, unknown> & { hours?: Record<string, unknown>[]; corrections?: Record<string, unknown>[] };

let made = 0;
/** All calendars, each changed in one way. */
function mutated(change: (file: File) => void): Calendars {
  const own = mkdtempSync(join(folder, `${made++}-`));
  for (const name of readdirSync(OWN_FOLDER).filter(f => f.endsWith('.yaml'))) {
    const file = parse(readFileSync(join(OWN_FOLDER, name), 'utf8'), { schema: 'core' }) as File;
    if (file.hours) change(file);
    writeFileSync(join(own, name), stringify(file));
  }
  return readCalendars({ folder: own });
}

const FIXED: Readonly<Record<string, string>> = {
  'America/New_York': 'Etc/GMT+5',
  'America/Toronto': 'Etc/GMT+5',
  'America/Chicago': 'Etc/GMT+6',
  'Europe/London': 'Etc/GMT',
  'Europe/Berlin': 'Etc/GMT-1',
  'Australia/Sydney': 'Etc/GMT-10',
};

const MISTAKES: readonly [what: string, least: number, change: (file: File) => void][] = [
  [
    'forgetting holidays',
    60,
    f => {
      f.holidays = {};
    },
  ],
  [
    'forgetting the lunch',
    25,
    f => {
      for (const h of [...(f.hours ?? []), ...(f.corrections ?? [])]) delete h.breaks;
    },
  ],
  [
    'forgetting half days',
    15,
    f => {
      delete f.early_closes;
    },
  ],
  [
    'a fixed offset from UTC',
    60,
    f => {
      f.timezone = FIXED[String(f.timezone)] ?? f.timezone;
    },
  ],
  [
    'forgetting the maintenance hour',
    40,
    f => {
      for (const h of f.hours ?? []) if (h.open === '17:00 -1d') h.close = '17:00';
    },
  ],
  [
    'today’s hours for all times',
    15,
    f => {
      f.hours = [{ ...f.hours?.at(-1), from: f.hours?.[0]?.from }];
      f.corrections = (f.corrections ?? []).filter(c => c.from === undefined);
    },
  ],
  [
    'no corrections',
    15,
    f => {
      delete f.corrections;
    },
  ],
];

describe(`${PROBES} random ranges against a second reading of the files`, () => {
  test('the calendars get all of them right', () => assert.equal(broken(own), 0));

  for (const [what, least, change] of MISTAKES) {
    test(`${what} would be seen`, t => {
      const count = broken(mutated(change));
      t.diagnostic(`${what}: ${count} of ${PROBES} probes`);
      assert.ok(count >= least, `${count} probes`);
    });
  }

  test('bars cut on the clock’s hours would be seen', t => {
    const count = broken(own, { anchor: 'clock' });
    t.diagnostic(`clock hours: ${count} of ${PROBES} probes`);
    assert.ok(count >= 15, `${count} probes`);
  });

  test('the probes are not empty', () => {
    assert.ok(probes.filter(p => p.bars.length > 0).length > PROBES * 0.8);
    assert.ok(probes.every(p => p.to - p.from <= 20 * DAY));
  });
});

/**
 * Every session of every calendar, 2000 to 2027, beside two public libraries. Without our corrections there is no
 * difference to the library that the tables came from; with them only the days differ that a correction names.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { type Calendars, OWN_FOLDER, readCalendars } from '../../src/calendars.js';
import type { Session } from '../../src/model/calendar.js';
import { projectFolder } from '../project-files.js';
import { pythonForTests } from '../python.js';

const { python, skip } = await pythonForTests(['exchange_calendars==4.13.2', 'pandas_market_calendars==5.5.0']);
if (skip) console.error(`the comparison with exchange_calendars and pandas_market_calendars is skipped: ${skip}`);

type Row = readonly [date: string, open: number, breakStart: number | null, breakEnd: number | null, close: number];
interface Peer {
  readonly calendar: string;
  readonly library: string;
  readonly rows: readonly Row[];
}

/** Whence the tables of shares; those of CME came from the other library. */
const SOURCE = 'exchange_calendars';
const FROM = Date.UTC(2000, 0, 1);
const TO = Date.UTC(2028, 0, 1);
const MOST_BYTES = 64 * 1024 * 1024;

const dateText = (date: number): string => new Date(date).toISOString().slice(0, 10);
const ours = ({ segments }: Session): string => segments.map(s => `${s.from}-${s.to}`).join();

/** A break that has no length, or that touches an end of the day, is how they write "none". */
const theirs = ([, open, pause, end, close]: Row): string =>
  pause === null || end === null || pause >= end || pause <= open || end >= close ? `${open}-${close}` : `${open}-${pause},${end}-${close}`;

function differences(calendars: Calendars, { calendar, rows }: Peer, datesOnly: boolean): string[] {
  const found = calendars.get(calendar);
  const within = { from: Math.max(FROM, found.known.from), to: Math.min(TO, found.known.to) };
  const known = rows.filter(([date]) => Date.parse(date) >= within.from && Date.parse(date) < within.to);
  const own = new Map(found.sessions(within).map(s => [dateText(s.date), datesOnly ? '' : ours(s)]));
  const peer = new Map(known.map(row => [row[0], datesOnly ? '' : theirs(row)]));
  assert.ok(peer.size > 2_000, `${calendar}: the library knows its sessions`);
  return [...new Set([...own.keys(), ...peer.keys()])].filter(date => own.get(date) !== peer.get(date)).sort();
}

interface Correction {
  readonly from?: string;
  readonly to?: string;
  readonly date?: string;
  readonly dates?: string;
}

const fileOf = (name: string): { same_as?: string; corrections?: Correction[] } =>
  parse(readFileSync(join(OWN_FOLDER, `${name}.yaml`), 'utf8'), { schema: 'core' });

const isNamed = (corrections: readonly Correction[], date: string): boolean =>
  corrections.some(
    c => (c.from !== undefined && c.to !== undefined && c.from <= date && date <= c.to) || `${c.date} ${c.dates}`.includes(date),
  );

describe('every session of 2000 to 2027 beside the libraries', { skip }, () => {
  let peers: readonly Peer[] = [];
  let folder = '';

  before(async () => {
    const script = join(projectFolder, 'tests', 'calendars', 'peers.py');
    const run = promisify(execFile);
    peers = JSON.parse((await run(python as string, [script, '2000-01-01', '2027-12-31'], { maxBuffer: MOST_BYTES })).stdout);
    folder = mkdtempSync(join(tmpdir(), 'tapekeep-calendars-'));
    for (const file of readdirSync(OWN_FOLDER).filter(f => f.endsWith('.yaml'))) {
      const { corrections: _, ...rest } = fileOf(file.slice(0, -5));
      writeFileSync(join(folder, file), stringify(rest));
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const isDatesOnly = ({ calendar }: Peer): boolean => calendar === 'FOREX';

  test('all our calendars are compared', () => {
    const compared = new Set(peers.map(p => readCalendars().get(p.calendar).name));
    assert.deepEqual(
      [...compared].sort(),
      readCalendars().all.map(c => c.name),
    );
  });

  test('our tables alone say what the library says that they came from', () => {
    const calendars = readCalendars({ folder });
    for (const peer of peers.filter(p => p.library === SOURCE || p.calendar.startsWith('CME')))
      assert.deepEqual(differences(calendars, peer, isDatesOnly(peer)), [], `${peer.calendar} and ${peer.library}`);
  });

  test('a day that differs is named by a correction', () => {
    const calendars = readCalendars();
    let named = 0;
    for (const peer of peers) {
      const { same_as, corrections: own } = fileOf(peer.calendar);
      const corrections = own ?? (same_as === undefined ? [] : (fileOf(same_as).corrections ?? []));
      const differing = differences(calendars, peer, isDatesOnly(peer));
      assert.deepEqual(
        differing.filter(date => !isNamed(corrections, date)),
        [],
        `${peer.calendar} and ${peer.library}`,
      );
      named += differing.length;
    }
    assert.ok(named > 1_000, 'the corrections are in force');
  });
});

/** The version that tells the truth again: what is lost is named no more and counts as not asked for, and the log says what files hold. */

import { addAll } from '../../model/add-all.js';
import { expectedIn } from '../../model/calendar.js';
import { type Holdings, NOTHING } from '../../model/coverage.js';
import { type Interval, type IntervalSet, interval, subtract, toSet, union } from '../../model/interval.js';
import { calendarOf, type Market } from '../../model/market.js';
import { idOf } from '../../model/series.js';
import { nextBar } from '../../model/timeframe.js';
import { correctionsOf } from '../changes/correct.js';
import type { Builder } from '../changes/parts.js';
import { readSealed } from '../frames/files.js';
import { type Candidate, NOTHING_MERGED } from '../frames/jobs.js';
import { readBars } from '../frames/parquet.js';
import type { House } from '../house.js';
import { HOLDINGS_KEY, readHoldings } from '../log/holdings.js';
import { listLog } from '../log/log.js';
import type { TableFile } from '../log/snapshot.js';
import { held } from '../proposal.js';
import { type BareTable, findBare, openTable, type Table } from '../table.js';
import { seeLog } from '../verify/log.js';
import { lostFiles } from './mend.js';
import { fromRaw } from './put-back.js';
import { unlessBroken } from './unless-broken.js';

export const repairing: Builder<{ kind: 'repair' }> = async (house, table, { id }, market) => {
  const broken = await lostFiles(house, table);
  const candidates = await remade(house, table, broken, id);
  const lost = broken.filter(file => !candidates.some(c => c.replaces === file.path));
  const gone = new Set(broken.map(file => file.path));
  const files = [...table.snapshot.files.values()].filter(file => !gone.has(file.path));
  const { told, stored } = await seeFiles(house, table, files);
  const span = spanOf(table, lost);
  const again = candidates.map(c => interval(c.first, nextBar(c.last, table.series.timeframe)));
  const missing = span ? subtract([span], union(stored, toSet(again))) : [];
  return {
    merged: { ...NOTHING_MERGED, candidates },
    back: told,
    removes: [...gone],
    lost: [...gone],
    answered: toSet(again),
    rearranges: broken.length === 0,
    holdings: holdingsOf(table, stored, toSet(again), missing, market),
    ...(span && { lineage: { interval: span, lost: { rows: lost.reduce((n, file) => n + file.rows, 0), ...span } } }),
  };
};

/** Bars that a person corrected are in no raw file: a file that had some is not made again from them. */
async function remade(house: House, table: Table, broken: readonly TableFile[], order: string): Promise<Candidate[]> {
  if (broken.length === 0) return [];
  const corrections = (await unlessBroken(() => correctionsOf(house, table))) ?? [];
  const { told } = await seeLog(house, idOf(table.series));
  const made: Candidate[] = [];
  for (const file of broken) {
    if (corrections.some(c => c.ts >= file.first && c.ts <= file.last)) continue;
    const again = await fromRaw(house, table, file, told, order);
    if (again && 'candidate' in again) made.push(again.candidate);
  }
  return made;
}

/** Files of which the log tells otherwise than they hold, told of again; and where there are bars. */
async function seeFiles(house: House, table: BareTable, files: readonly TableFile[]): Promise<{ told: TableFile[]; stored: IntervalSet }> {
  const told: TableFile[] = [];
  const stored: Interval[] = [];
  const { timeframe } = table.series;
  for (const file of files) {
    if (file.sha256 === null) continue;
    const { ts } = readBars(await readSealed(house.io, await held(house, table, file)));
    const [first = file.first, last = file.last] = [ts[0], ts.at(-1)];
    if (ts.length !== file.rows || first !== file.first || last !== file.last) told.push({ ...file, rows: ts.length, first, last });
    addAll(stored, toSet(Array.from(ts, at => interval(at, nextBar(at, timeframe)))));
  }
  return { told, stored: toSet(stored) };
}

function spanOf({ series }: BareTable, lost: readonly TableFile[]): Interval | undefined {
  if (lost.length === 0) return undefined;
  return interval(Math.min(...lost.map(f => f.first)), nextBar(Math.max(...lost.map(f => f.last)), series.timeframe));
}

/** Every bar lies in coverage. Where bars were lost, or nothing explains that there are none, nothing was asked. */
function holdingsOf(
  { holdings, series }: Table,
  stored: IntervalSet,
  again: IntervalSet,
  missing: IntervalSet,
  market: Market | undefined,
): Holdings {
  const kept = subtract(union(holdings.coverage, stored), missing);
  if (!market) return { ...holdings, coverage: kept };
  const absent = toSet(holdings.ledger.filter(a => a.reason !== 'may_change'));
  const unexplained = expectedIn(calendarOf(market), subtract(subtract(kept, absent), union(stored, again)), series.timeframe);
  return { ...holdings, coverage: subtract(kept, unexplained) };
}

/** The newest version also when the file with its holdings is lost: then with what the last version knew that still can tell. */
export async function openBroken(house: House, series: Table['series']): Promise<Table> {
  const whole = await unlessBroken(() => openTable(house, series));
  if (whole) return whole;
  const bare = await findBare(house, series);
  if (!bare) return openTable(house, series);
  return { ...bare, holdings: await lastKnown(house, bare) };
}

async function lastKnown(house: House, { series, snapshot }: BareTable): Promise<Holdings> {
  const id = idOf(series);
  const { versions } = await listLog(house.objects, id);
  for (const version of versions.filter(v => v < snapshot.version).reverse()) {
    const bare = await unlessBroken(() => findBare(house, series, version));
    const known = bare && (await unlessBroken(() => readHoldings(house.objects, id, bare.snapshot.metaData.configuration[HOLDINGS_KEY])));
    if (known) return known;
  }
  return NOTHING;
}

/** Files of writers that ended before their commit. They go when everything in them is in the table; else they are set aside. */
import { type Bars, countOf } from '../../model/bars.js';
import { lowerBound } from '../../model/bisect.js';
import { idOf } from '../../model/series.js';
import { DAY } from '../../model/timeframe.js';
import { sameBar } from '../frames/merge-bars.js';
import { readBars } from '../frames/parquet.js';
import type { House } from '../house.js';
import { sha256Of } from '../publish.js';
import type { Table } from '../table.js';
import { setAsideFile } from './set-aside.js';

/** A writer that is under way commits long before. */
const GRACE_MS = DAY;

/** undefined: its grace time is not over. */
export async function seeToOrphan(house: House, table: Table, path: string): Promise<'removed' | 'set aside' | undefined> {
  const { modified } = await house.io.facts(await house.objects.localFile(path));
  if (house.now() - modified < GRACE_MS) return undefined;
  if (path.endsWith('.parquet') && (await isElsewhere(house, table, path))) {
    await house.objects.remove(path);
    return 'removed';
  }
  await setAsideFile(house, idOf(table.series), path);
  return 'set aside';
}

/** Every bar of it is in the newest version, to the last bit. */
async function isElsewhere(house: House, table: Table, path: string): Promise<boolean> {
  const bytes = await house.objects.read(path);
  if (!path.endsWith(`/${sha256Of(bytes)}.parquet`)) return false;
  const bars = readBars(bytes);
  if (countOf(bars) === 0) return true;
  const { readTable } = await import('../read.js');
  const { barsOf } = await import('../frames/frame.js');
  const [from, to] = [bars.ts[0] as number, (bars.ts.at(-1) as number) + 1];
  const there = barsOf(await readTable(house, table, { interval: { from, to } }));
  return isWithin(bars, there);
}

function isWithin(bars: Bars, there: Bars): boolean {
  for (let i = 0; i < countOf(bars); i++) {
    const j = lowerBound(there.ts, bars.ts[i] as number);
    if (there.ts[j] !== bars.ts[i] || !sameBar(bars, i, there, j)) return false;
  }
  return true;
}

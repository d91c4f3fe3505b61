/** What can be mended without a new version: files put back byte for byte, what is broken set aside, checkpoints made again. */
import { idOf, type Series } from '../../model/series.js';
import { makeCheckpoint } from '../commit.js';
import type { House } from '../house.js';
import { checksumPath } from '../log/checkpoint.js';
import type { TableFile } from '../log/snapshot.js';
import { type BareTable, findBare, findTable } from '../table.js';
import { checkFiles, dataFiles } from '../verify/files.js';
import type { Flaw, FlawKind } from '../verify/flaws.js';
import { type LogSeen, seeLog } from '../verify/log.js';
import { type Verified, verify } from '../verify/verify.js';
import { seeToOrphan } from './orphans.js';
import { fromRaw } from './put-back.js';
import { setAsideFile } from './set-aside.js';
import { unlessBroken } from './unless-broken.js';

export interface Mended {
  /** Below the data folder. */
  readonly file: string;
  readonly did: 'put back' | 'made again' | 'set aside' | 'removed';
}

const BROKEN_DATA: readonly FlawKind[] = ['file_missing', 'file_damaged', 'old_file_missing', 'old_file_damaged', 'unreadable'];
const BROKEN_BESIDE: readonly FlawKind[] = ['raw_damaged', 'note_damaged', 'holdings_damaged', 'log_torn'];
const BROKEN_POINTS: readonly FlawKind[] = ['checkpoint_lies', 'checkpoint_unproved'];

/** `order` names the folder for what is made on the way. Every step can run twice. */
export async function mend(house: House, series: Series, order: string): Promise<Mended[]> {
  const id = idOf(series);
  const verified = await verify(house, series, { deep: true });
  if (verified.flaws.some(flaw => flaw.kind === 'log_newer')) return [];
  const done: Mended[] = [];
  for (const flaw of flawsOf(verified, BROKEN_BESIDE)) done.push({ file: flaw.file, did: await aside(house, id, flaw.file) });
  house.seen.delete(id);
  done.push(...(await putBackFiles(house, series, flawsOf(verified, BROKEN_DATA), order)));
  for (const flaw of flawsOf(verified, BROKEN_POINTS)) done.push(...(await checkpointAgain(house, series, flaw.file)));
  done.push(...(await tidy(house, series, flawsOf(verified, ['orphan']))));
  return done;
}

const flawsOf = ({ flaws }: Verified, kinds: readonly FlawKind[]): (Flaw & { file: string })[] =>
  flaws.filter((flaw): flaw is Flaw & { file: string } => flaw.file !== null && kinds.includes(flaw.kind));

async function aside(house: House, id: string, path: string): Promise<'set aside'> {
  await setAsideFile(house, id, path);
  return 'set aside';
}

async function putBackFiles(house: House, series: Series, flaws: readonly (Flaw & { file: string })[], order: string): Promise<Mended[]> {
  if (flaws.length === 0) return [];
  const id = idOf(series);
  const log = await seeLog(house, id);
  const table = await unlessBroken(() => findBare(house, series));
  const done: Mended[] = [];
  for (const { file: path, kind } of flaws) {
    const file = log.named.get(path.slice(id.length + 1))?.file;
    if (kind.endsWith('damaged') || kind === 'unreadable') done.push({ file: path, did: await aside(house, id, path) });
    if (file && table && kind !== 'unreadable' && (await putBack(house, table, log, file, order)))
      done.push({ file: path, did: 'put back' });
  }
  return done;
}

async function putBack(house: House, table: BareTable, { told }: LogSeen, file: TableFile, order: string): Promise<boolean> {
  const again = await fromRaw(house, table, file, told, order);
  if (!again || !('bytes' in again)) return false;
  await house.objects.put(`${idOf(table.series)}/${file.path}`, again.bytes);
  return true;
}

/** One that cannot be made again stays: whoever looks may still learn something from it. */
async function checkpointAgain(house: House, series: Series, path: string): Promise<Mended[]> {
  const id = idOf(series);
  const version = Number(/(\d{20})\.checkpoint/.exec(path)?.[1]);
  const sum = checksumPath(id, version);
  const told = await seeLog(house, id);
  if (!told.told.some(entry => entry.version === version)) return [];
  await setAsideFile(house, id, path);
  await setAsideFile(house, id, sum);
  house.seen.delete(id);
  const made = await unlessBroken(async () => {
    await makeCheckpoint(house, series, version);
    return true;
  });
  return [{ file: path, did: made ? 'made again' : 'set aside' }];
}

async function tidy(house: House, series: Series, flaws: readonly (Flaw & { file: string })[]): Promise<Mended[]> {
  const table = flaws.length > 0 ? await unlessBroken(() => findTable(house, series)) : undefined;
  if (!table) return [];
  const done: Mended[] = [];
  for (const { file } of flaws) {
    const did = await seeToOrphan(house, table, file);
    if (did) done.push({ file, did });
  }
  return done;
}

/** The files of the newest version that nobody can read. */
export async function lostFiles(house: House, table: BareTable): Promise<TableFile[]> {
  const id = idOf(table.series);
  const { flaws } = await checkFiles(
    house,
    dataFiles(id, await seeLog(house, id)).filter(file => table.snapshot.files.has(file.path.slice(id.length + 1))),
  );
  const lost = new Set(flaws.map(flaw => flaw.file?.slice(id.length + 1)));
  return [...table.snapshot.files.values()].filter(file => lost.has(file.path));
}

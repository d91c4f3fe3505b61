/** A data file that is lost, byte for byte again: from a raw file of the same content, or made anew from the raw files its bars came in. */
import { join } from 'node:path';
import { isTapekeepError } from '../../model/errors.js';
import { readSealed } from '../frames/files.js';
import type { Candidate, Sealed } from '../frames/jobs.js';
import { folderOfLoad, type House } from '../house.js';
import { unlessGone } from '../io.js';
import type { LogEntry } from '../log/entry.js';
import type { TableFile } from '../log/snapshot.js';
import { held } from '../proposal.js';
import type { BareTable } from '../table.js';
import { unlessBroken } from './unless-broken.js';

/** The file again: its bytes when they are the same, else the same number of bars, as another program version wrote them. */
export type Again = { readonly bytes: Uint8Array } | { readonly candidate: Candidate };

/** undefined when the raw files do not hold its bars any more. */
export async function fromRaw(
  house: House,
  table: BareTable,
  lost: TableFile,
  told: readonly LogEntry[],
  order: string,
): Promise<Again | undefined> {
  const { sha256 } = lost;
  if (sha256 === null) return undefined;
  const raws = await rawsOf(house, told, lost);
  const copy = raws.find(raw => raw.sha256 === sha256);
  if (copy) return { bytes: await readSealed(house.io, copy) };
  const rebuilt = raws.length > 0 ? await rebuild(house, table, { ...lost, sha256 }, raws, order) : undefined;
  if (!rebuilt) return undefined;
  const { same, candidate } = rebuilt;
  if (same) return { bytes: await readSealed(house.io, candidate) };
  const alike = candidate.rows === lost.rows && candidate.first === lost.first && candidate.last === lost.last;
  return alike ? { candidate } : undefined;
}

/** undefined when a neighbour is lost as well: nobody can tell which bars were this file's. */
async function rebuild(house: House, table: BareTable, lost: TableFile & { sha256: string }, raws: readonly Sealed[], order: string) {
  const files = [...table.snapshot.files.values()];
  const beside = files.filter(f => f.path !== lost.path && f.first <= lost.last && f.last >= lost.first);
  const outFolder = folderOfLoad(house.folders.candidates, order);
  return unlessBroken(async () =>
    house.frames.rebuild({ lost, raws, beside: await Promise.all(beside.map(file => held(house, table, file))), outFolder }),
  );
}

/** Raw files that are there and whole, in the order in which their bars came, up to the version that brought the file. */
async function rawsOf(house: House, told: readonly LogEntry[], lost: TableFile): Promise<Sealed[]> {
  const last = told.find(entry => entry.adds.some(add => add.path === lost.path))?.version ?? Number.POSITIVE_INFINITY;
  const found: Sealed[] = [];
  for (const { version, commitInfo } of told) {
    const facts = commitInfo?.tapekeep;
    if (!facts || version > last) continue;
    for (const { sha256 } of facts.lineage.raw) {
      const raw = { file: join(folderOfLoad(house.folders.raw, facts.load), `${sha256}.parquet`), sha256 };
      if (await isWhole(house, raw)) found.push(raw);
    }
  }
  return found;
}

async function isWhole({ io }: House, raw: Sealed): Promise<boolean> {
  if (!(await unlessGone(io.facts(raw.file)))) return false;
  try {
    await readSealed(io, raw);
    return true;
  } catch (error) {
    if (isTapekeepError(error, 'FILE_DAMAGED')) return false;
    throw error;
  }
}

/** Coverage and ledger as they stand in a table's configuration: inline while small, else in a file named by its content. */
import { type Holdings, NOTHING } from '../../model/coverage.js';
import type { ObjectStore } from '../object-store.js';
import { holdingsPath, readNamed, writeNamed } from './named.js';

export const HOLDINGS_KEY = 'tapekeep.holdings';
const INLINE_BYTES = 4096;

interface Written {
  readonly coverage: readonly (readonly [number, number])[];
  readonly ledger: Holdings['ledger'];
}

const encode = (held: Holdings): string => {
  const written: Written = { coverage: held.coverage.map(i => [i.from, i.to] as const), ledger: held.ledger };
  return JSON.stringify(written);
};

function decode(text: string): Holdings {
  const written = JSON.parse(text) as Written;
  return { coverage: written.coverage.map(([from, to]) => ({ from, to })), ledger: written.ledger };
}

/** What goes into the configuration; a big one is written to its own file first. */
export async function writeHoldings(objects: ObjectStore, table: string, held: Holdings): Promise<string> {
  const text = encode(held);
  if (text.length <= INLINE_BYTES) return text;
  return JSON.stringify({ sha256: await writeNamed(objects, sha256 => holdingsPath(table, sha256), text) });
}

export async function readHoldings(objects: ObjectStore, table: string, configured: string | undefined): Promise<Holdings> {
  if (configured === undefined) return NOTHING;
  const named = (JSON.parse(configured) as { sha256?: string }).sha256;
  return decode(named === undefined ? configured : await readNamed(objects, holdingsPath(table, named), named));
}

/**
 * One entry of a table's log: a file of JSON lines as Delta Lake defines it (reader 1, writer 2), sealed.
 * The seal is the SHA-256 of the whole entry with the seal's own digits set to zero, and it names the seal of
 * the entry before: a flipped bit, a swapped or a foreign entry is seen when the log is read.
 */
import type { ArchiveFile } from '../../model/archives.js';
import type { Origin } from '../../model/derive.js';
import type { AddRow, MetaDataRow } from '../frames/jobs.js';
import { sha256Of } from '../publish.js';
import type { QualityNamed } from './named.js';

export const READER_VERSION = 1;
export const WRITER_VERSION = 2;
export const PROGRAM = 'tapekeep/0.1.0';

export type AddAction = AddRow;
export interface RemoveAction {
  readonly path: string;
  readonly deletionTimestamp: number;
  readonly dataChange: boolean;
}

/** A file of somebody's own that bars were read from. */
export interface OwnFile {
  readonly name: string;
  readonly sha256: string;
  readonly rows: number;
  /** More of it came, or was to come, in later versions. */
  readonly goesOn?: boolean;
}

/** Who asked, whom we asked, and what came: where the numbers of this version are from. */
export interface Lineage {
  readonly by: string;
  readonly provider: string | null;
  /** Who served some of it in the provider's place: `source` tells it of each bar. */
  readonly stoodIn?: readonly string[];
  readonly interval: { readonly from: number; readonly to: number };
  readonly requests: number;
  /** Raw files, each with the archives of the provider that some of its bars came in. */
  readonly raw: readonly { readonly sha256: string; readonly rows: number; readonly archives?: readonly ArchiveFile[] }[];
  readonly calendar: { readonly name: string; readonly version: string };
  readonly program: string;
  /** The series that the bars are made of, and its version. */
  readonly derived?: Origin;
  /** Files of somebody's own that bars were read from. */
  readonly files?: readonly OwnFile[];
  /** Bars that were set aside, by the file that holds them. */
  readonly quarantine?: { readonly sha256: string; readonly rows: number };
  /** Quality of the sessions that were touched: their sum, and the file that tells it session by session. */
  readonly quality?: QualityNamed;
  /** A person's reason, and the version that came back. */
  readonly reason?: string;
  readonly restored?: number;
  /** Bars that a repair could not bring back: they count as not asked for. */
  readonly lost?: { readonly rows: number; readonly from: number; readonly to: number };
}

export interface CommitFacts {
  readonly load: string;
  readonly batch: number;
  readonly plan: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly lineage: Lineage;
  readonly previous: string | null;
  readonly seal: string;
}

export interface CommitInfo {
  readonly timestamp: number;
  readonly operation: string;
  readonly operationParameters: Readonly<Record<string, string>>;
  readonly engineInfo: string;
  readonly tapekeep?: CommitFacts;
}

export interface LogEntry {
  readonly version: number;
  readonly commitInfo: CommitInfo | null;
  readonly protocol: { readonly minReaderVersion: number; readonly minWriterVersion: number } | null;
  readonly metaData: MetaDataRow | null;
  readonly adds: readonly AddAction[];
  readonly removes: readonly RemoveAction[];
}

const ZEROS = '0'.repeat(64);
const SEAL = /"seal":"([0-9a-f]{64})"/;

/** Who was asked last, newest entry first: a change that asked nobody says nothing of it. */
export const providerIn = (entries: readonly LogEntry[]): string | undefined =>
  entries.map(e => e.commitInfo?.tapekeep?.lineage.provider).find(provider => typeof provider === 'string');

export const versionName = (version: number): string => String(version).padStart(20, '0');
export const entryPath = (table: string, version: number): string => `${table}/_delta_log/${versionName(version)}.json`;

const metaLine = (m: MetaDataRow): object => ({
  metaData: { ...m, format: { provider: 'parquet', options: {} }, partitionColumns: [] },
});

export function encodeEntry(
  entry: Omit<LogEntry, 'version' | 'commitInfo'> & { readonly commitInfo: CommitInfo & { tapekeep: CommitFacts } },
): Uint8Array {
  const unsealed = { ...entry.commitInfo, tapekeep: { ...entry.commitInfo.tapekeep, seal: ZEROS } };
  const lines: object[] = [{ commitInfo: unsealed }];
  if (entry.protocol) lines.push({ protocol: entry.protocol });
  if (entry.metaData) lines.push(metaLine(entry.metaData));
  lines.push(...entry.removes.map(remove => ({ remove })), ...entry.adds.map(add => ({ add })));
  const text = lines.map(line => `${JSON.stringify(line)}\n`).join('');
  const seal = sha256Of(new TextEncoder().encode(text));
  return new TextEncoder().encode(text.replace(`"seal":"${ZEROS}"`, `"seal":"${seal}"`));
}

/** Why an entry cannot be believed. */
export class BadEntry extends Error {}

/** Reads an entry and checks its seal. An entry of another writer has none, and says so by `tapekeep` being absent. */
export function decodeEntry(version: number, bytes: Uint8Array): LogEntry {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadEntry('it is not UTF-8');
  }
  const entry = parseLines(version, text);
  checkSeal(text, entry);
  return entry;
}

function parseLines(version: number, text: string): LogEntry {
  let commitInfo: CommitInfo | null = null;
  let protocol: LogEntry['protocol'] = null;
  let metaData: MetaDataRow | null = null;
  const adds: AddAction[] = [];
  const removes: RemoveAction[] = [];
  if (!text.endsWith('\n') && !text.endsWith('}')) throw new BadEntry('its last line is cut');
  for (const line of text.split('\n').filter(l => l !== '')) {
    let action: Record<string, unknown>;
    try {
      action = JSON.parse(line) as Record<string, unknown>;
    } catch {
      throw new BadEntry('a line is not JSON');
    }
    if (action.commitInfo) commitInfo = action.commitInfo as CommitInfo;
    else if (action.protocol) protocol = action.protocol as LogEntry['protocol'];
    else if (action.metaData) metaData = action.metaData as MetaDataRow;
    else if (action.add) adds.push(action.add as AddAction);
    else if (action.remove) removes.push(action.remove as RemoveAction);
  }
  return { version, commitInfo, protocol, metaData, adds, removes };
}

function checkSeal(text: string, entry: LogEntry): void {
  const seal = SEAL.exec(text)?.[1];
  if (!seal) {
    if (entry.commitInfo?.engineInfo?.startsWith('tapekeep') || text.includes('tapekeep')) throw new BadEntry('its seal is gone');
    return;
  }
  const open = text.replace(`"seal":"${seal}"`, `"seal":"${ZEROS}"`);
  if (sha256Of(new TextEncoder().encode(open)) !== seal) throw new BadEntry('its SHA-256 is not the one in its seal');
}

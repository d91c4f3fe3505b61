/**
 * A file of many gigabytes becomes a series through a real daemon, and the memory of the daemon and of its frame children is watched. With
 * `kill` the daemon is killed in the middle, and later the import is cancelled and ordered again: every row is there once all the same.
 */
import { statfsSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { childrenOf, programOf, residentMb } from '../../bench/process-memory.js';
import type { Tapekeep } from '../../src/client/index.js';
import type { ImportedFile } from '../../src/model/import.js';
import type { Progress } from '../../src/model/progress.js';
import { nameOf } from '../../src/model/series.js';
import { House, minutes } from '../e2e/house.js';
import type { Daemon } from '../e2e/process.js';
import { barsOfChart, writeChart } from './soak-import-file.js';

export interface ImportSoak {
  readonly gb: number;
  readonly kill: boolean;
}

export interface ImportTold {
  readonly bytes: number;
  readonly rows: number;
  /** From the order to the end of the import, waits for a killed daemon and a second order included. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** The most that the daemon and its frame children had together, and what they may have; null: the system does not tell. */
  readonly mostMb: number | null;
  /** What each of them had then. */
  readonly eachMb: readonly number[];
  readonly allowedMb: number;
  readonly versions: number;
  /** Of the machine when it was over. */
  readonly load: number;
  readonly flaws: readonly string[];
}

const ALLOWED_MB = 800;
const LOOK_EVERY_MS = 100;
const SYMBOL = 'SOAKUSDT';
/** When the daemon is killed, and when the import is cancelled: shares of the file. */
const [KILLED_AT, CANCELLED_AT] = [0.3, 0.6];

export async function importSoak({ gb, kill }: ImportSoak, say: (line: string) => void): Promise<ImportTold> {
  const house = await House.make({ set: { 'worker.silenceMs': 10_000 } });
  try {
    requireRoom(house.folder, gb * 1e9);
    const file = join(house.folder, `BINANCE_${SYMBOL}, 1.csv`);
    say(`writing ${gb} GB`);
    const rows = await writeChart(file, gb * 1e9);
    const daemon = await house.start();
    const memory = watched(daemon);
    say(`importing ${rows} rows`);
    const began = performance.now();
    const client = await house.client();
    const report = await (kill ? throughFaults(house, client, file, memory, say) : imported(client, file, told(say)));
    const seconds = (performance.now() - began) / 1_000;
    const eachMb = memory.end();
    const mostMb = sum(eachMb);
    say('verifying');
    const flaws = [...(await flawsOf(client, rows)), ...countsOf(report, rows)];
    return {
      bytes: statSync(file).size,
      rows,
      seconds: Math.round(seconds),
      rowsPerSecond: Math.round(rows / seconds),
      mostMb: mostMb > 0 ? Math.round(mostMb) : null,
      eachMb: eachMb.map(Math.round),
      allowedMb: ALLOWED_MB,
      versions: (await client.history({ symbol: SYMBOL, timeframe: '1m' })).length,
      load: Math.round((loadavg()[0] as number) * 10) / 10,
      flaws,
    };
  } finally {
    await house.end();
  }
}

/** The file, its table, what is in staging between them, and some to spare. */
function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const needs = bytes * 2 + 2e9;
  if (bavail * bsize < needs) throw new Error(`${folder} has ${bavail * bsize} bytes free, and this takes ${needs}`);
}

export interface Watched {
  /** The daemon that runs. */
  daemon: Daemon;
  /** What each of its processes had when they had most together. */
  end(): readonly number[];
}

export function watched(daemon: Daemon): Watched {
  let most: readonly number[] = [];
  // Its other child is the server.
  const isFrames = (child: number): boolean => programOf(child).startsWith(process.execPath);
  const look = setInterval(() => {
    const { pid } = own.daemon;
    const each = [pid, ...childrenOf(pid).filter(isFrames)].map(residentMb);
    if (sum(each) > sum(most)) most = each;
  }, LOOK_EVERY_MS);
  const own: Watched = {
    daemon,
    end: () => {
      clearInterval(look);
      return most;
    },
  };
  return own;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

type Hear = (share: number) => void;

/** Every tenth of it. */
function told(say: (line: string) => void): Hear {
  let next = 0.1;
  return share => {
    if (share < next) return;
    say(`${Math.floor(share * 100)} %`);
    next = share + 0.1;
  };
}

async function imported(client: Tapekeep, file: string, hear: Hear, signal?: AbortSignal): Promise<ImportedFile> {
  const onProgress = ({ step, itemsDone, itemsAll }: Progress) => {
    if (step === 'files' && itemsAll > 0) hear(itemsDone / itemsAll);
  };
  const { files } = await client.import(file, { keepLast: true }, { onProgress, ...(signal && { signal }) });
  return files[0] as ImportedFile;
}

/** Killed, and gone on with by the next daemon; cancelled, and ordered again. */
async function throughFaults(
  house: House,
  client: Tapekeep,
  file: string,
  memory: Watched,
  say: (line: string) => void,
): Promise<ImportedFile> {
  const calls = new AbortController();
  const tell = told(say);
  let killed: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    say('killing the daemon');
    await memory.daemon.end('SIGKILL');
    memory.daemon = await house.start();
  };
  const hear: Hear = share => {
    tell(share);
    if (share >= KILLED_AT) killed ??= kill();
    if (share >= CANCELLED_AT && !calls.signal.aborted) {
      say('cancelling');
      calls.abort();
    }
  };
  const first = await imported(client, file, hear, calls.signal);
  await killed;
  return first.stoppedAt === null ? first : imported(client, file, told(say));
}

/** What was reported does not come to the rows of the file. Of one that was ordered again, what was there before is equal. */
function countsOf(file: ImportedFile, rows: number): string[] {
  const { stored, equal, quarantined, error } = file;
  const whole = file.rows === rows && stored + equal === rows && quarantined === 0 && error === null;
  return whole ? [] : [`reported: ${JSON.stringify({ rows: file.rows, stored, equal, quarantined, error })}`];
}

/** Checksums, log and footers as `verify` sees them; and every bar is the one that was written. */
async function flawsOf(client: Tapekeep, rows: number): Promise<string[]> {
  const series = minutes(SYMBOL);
  const flaws: string[] = [];
  for await (const verified of client.verify({ symbol: SYMBOL, timeframe: '1m' }))
    for (const flaw of verified.flaws) flaws.push(JSON.stringify(flaw));
  let at = 0;
  const table = await client.tables.open(series);
  const written = barsOfChart(rows);
  let [meant, from] = [written.next().value, 0];
  for await (const bars of client.tables.bars(table)) {
    for (let i = 0; i < bars.ts.length; i++, at++) {
      if (meant && at - from === meant.ts.length) [meant, from] = [written.next().value, at];
      if (
        !meant ||
        meant.ts[at - from] !== bars.ts[i] ||
        meant.close[at - from] !== bars.close[i] ||
        meant.volume[at - from] !== bars.volume[i]
      )
        return [...flaws, `${nameOf(series)}: bar ${at} is not what the file says`];
    }
  }
  return at === rows ? flaws : [...flaws, `${at} bars of ${rows}`];
}

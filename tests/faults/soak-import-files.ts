/** A folder of very many small files becomes a few series through a real daemon: what a file costs at the beginning and at the end, and what it leaves. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { randomWalk } from '../../bench/store/random-walk.js';
import type { Tapekeep } from '../../src/client/index.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { withServer } from '../e2e/attempts.js';
import { House, minutes } from '../e2e/house.js';
import { watched } from './soak-import.js';

export interface FilesSoak {
  readonly files: number;
  readonly series: number;
}

export interface FilesTold {
  readonly files: number;
  readonly series: number;
  readonly seconds: number;
  /** Of the first tenth of the files, and of the last. */
  readonly earlyMs: number;
  readonly lateMs: number;
  /** The same order once more: all of them are known. */
  readonly againSeconds: number;
  /** The most that the daemon and its frame children had together, and each of them then. */
  readonly mostMb: number;
  readonly eachMb: readonly number[];
  readonly runs: readonly { readonly events: number; readonly bytes: number }[];
  readonly load: number;
  readonly flaws: readonly string[];
}

const ROWS = 60;
const FIRST = Date.UTC(2015, 0, 1);
const symbolOf = (n: number): string => `F${String(n).padStart(3, '0')}USDT`;

/** An hour of a day of one symbol: the next file is of the next symbol. */
function writeFiles(folder: string, { files, series }: FilesSoak): void {
  mkdirSync(folder);
  for (let n = 0; n < files; n++) {
    const day = Math.floor(n / series);
    const bars = randomWalk(ROWS, n);
    const lines = Array.from(bars.close, (close, i) =>
      [(FIRST + day * DAY + i * MINUTE) / 1_000, bars.open[i], bars.high[i], bars.low[i], close, bars.volume[i]].join(),
    );
    const name = `BINANCE_${symbolOf(n % series)}, 1_${String(day).padStart(5, '0')}.csv`;
    mkdirSync(join(folder, String(day).padStart(5, '0')), { recursive: true });
    writeFileSync(join(folder, String(day).padStart(5, '0'), name), `time,open,high,low,close,Volume\n${lines.join('\n')}\n`);
  }
}

export async function filesSoak(soak: FilesSoak, say: (line: string) => void): Promise<FilesTold> {
  const { files, series } = soak;
  const house = await House.make({ set: { 'worker.silenceMs': 10_000 } });
  try {
    const folder = join(house.folder, 'exports');
    writeFiles(folder, soak);
    const memory = watched(await house.start());
    const client = await house.client();
    const begun = performance.now();
    const ends: number[] = [];
    let next = 0.1;
    const report = await client.import(
      folder,
      { keepLast: true, timeframe: '1m' },
      {
        onProgress: ({ barsDone }) => {
          const done = Math.floor(barsDone / ROWS);
          for (; ends.length < done; ) ends.push(performance.now());
          if (done / files < next) return;
          say(`${Math.floor((100 * done) / files)} % after ${Math.round((performance.now() - begun) / 1_000)} s`);
          next = done / files + 0.1;
        },
      },
    );
    const seconds = (performance.now() - begun) / 1_000;
    const tenth = Math.floor(files / 10);
    const eachMb = memory.end();
    const flaws = report.files
      .filter(f => f.stored !== ROWS || f.error !== null)
      .slice(0, 3)
      .map(f => JSON.stringify(f));
    if (report.files.length !== files) flaws.push(`${report.files.length} files`);
    const again = performance.now();
    const second = await client.import(folder, { keepLast: true, timeframe: '1m' });
    if (second.outcome !== 'nothing') flaws.push(`a second time: ${second.outcome}`);
    return {
      files,
      series,
      seconds: Math.round(seconds),
      earlyMs: Math.round(((ends[tenth - 1] ?? 0) - begun) / tenth),
      lateMs: Math.round(((ends.at(-1) ?? 0) - (ends[files - tenth - 1] ?? 0)) / tenth),
      againSeconds: Math.round((performance.now() - again) / 1_000),
      mostMb: Math.round(eachMb.reduce((a, b) => a + b, 0)),
      eachMb: eachMb.map(Math.round),
      runs: await runsOf(house, report.id),
      load: Math.round((loadavg()[0] as number) * 10) / 10,
      flaws: [...flaws, ...(await lackingIn(client, soak))],
    };
  } finally {
    await house.end();
  }
}

/** The histories of all runs of the import. */
async function runsOf(house: House, id: string): Promise<FilesTold['runs']> {
  const runs: { events: number; bytes: number }[] = [];
  await withServer(house.address, async client => {
    for await (const { historyLength, historySize } of client.workflow.list({ query: `WorkflowId = 'import/${id}'` }))
      runs.push({ events: historyLength, bytes: historySize ?? 0 });
  });
  return runs;
}

async function lackingIn(client: Tapekeep, { files, series }: FilesSoak): Promise<string[]> {
  const flaws: string[] = [];
  for (let n = 0; n < series; n++) {
    const table = await client.tables.open(minutes(symbolOf(n)));
    const { height } = await client.tables.read(table, { columns: ['ts'] });
    const meant = ROWS * Math.ceil((files - n) / series);
    if (height !== meant) flaws.push(`${symbolOf(n)}: ${height} bars of ${meant}`);
  }
  return flaws;
}

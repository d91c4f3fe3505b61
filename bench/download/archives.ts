/** Bars from the bytes of archives to raw files: checksum, unpacking, reading, checking, pages, the raw file. A process of its own. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf } from '../../src/model/bars.js';
import { type Interval, interval } from '../../src/model/interval.js';
import { nextBar } from '../../src/model/timeframe.js';
import { archiveBars } from '../../src/providers/binance/archives.js';
import { onlyFileOf } from '../../src/providers/parse/zip.js';
import { inlineFrames, openStore } from '../../src/store/index.js';
import { csvLines, zipOf } from '../../tests/emulators/binance/answers.js';
import { traded } from '../../tests/providers/binance/scene.js';
import { peakMb } from '../process-memory.js';

const [wanted = 5_000_000] = process.argv.slice(2).map(Number);
/** Files that are made and then read over and over: making them takes longer than reading. */
const MADE = 6;
const MONTHS_A_SEGMENT = 1;
const START = Date.UTC(2023, 0, 1);

interface File {
  readonly name: string;
  readonly zip: Buffer;
  readonly sum: string;
  readonly covers: Interval;
}

const files: File[] = [];
for (let from = START; files.length < MADE; from = nextBar(from, '1mo')) {
  const covers = interval(from, nextBar(from, '1mo'));
  const name = `BTCUSDT-1m-${new Date(from).toISOString().slice(0, 7)}.csv`;
  const bars = traded('BTCUSDT', '1m', covers);
  if (!bars) throw new Error('there is no such symbol');
  const zip = zipOf(name, Buffer.from(`${csvLines(bars, '1m', { micro: false, header: false }).join('\n')}\n`));
  files.push({ name, zip, sum: createHash('sha256').update(zip).digest('hex'), covers });
}

const root = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
const store = await openStore({ root, frames: inlineFrames(), now: Date.now });
const load = '01HV0000000000000000000000';
let rows = 0;
let bytes = 0;
const start = performance.now();
const cpu = process.cpuUsage();
for (let segment = 0; rows < wanted; segment++) {
  const pages = await store.pages<{ at: number }, { input: never }>(load, `binance-${segment}`);
  for (let i = 0; i < MONTHS_A_SEGMENT; i++) {
    const { name, zip, sum, covers } = files[(segment * MONTHS_A_SEGMENT + i) % MADE] as File;
    if (createHash('sha256').update(zip).digest('hex') !== sum) throw new Error('checksum');
    const csv = await onlyFileOf(zip, name, { mostBytes: 1e9, mostRatio: 200 });
    const bars = archiveBars(csv, { symbol: 'BTCUSDT', timeframe: '1m', interval: covers }, covers, 'binance');
    await pages.append(bars, { at: covers.from });
    rows += countOf(bars);
    bytes += zip.length;
  }
  await pages.finish(input => ({ input: input as never }));
}
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
await store.close();
rmSync(root, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ rows, bytes, ms, cpuMs: (user + system) / 1_000, rssMb: peakMb(process.pid) }));

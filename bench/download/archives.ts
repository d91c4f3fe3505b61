/** Bars from the bytes of archives to raw files: checksum, unpacking, reading, checking, the page, the raw file. A process of its own. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf } from '../../src/model/bars.js';
import { nextBar } from '../../src/model/timeframe.js';
import { archiveBars } from '../../src/providers/binance/archives.js';
import { onlyFileOf } from '../../src/providers/parse/zip.js';
import { inlineFrames, openStore } from '../../src/store/index.js';
import { peakMb } from '../process-memory.js';

const [folder = '.', wanted = '5000000'] = process.argv.slice(2);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Few files are read over and over: making many takes longer than reading them. */
const files = readdirSync(folder).map(file => {
  const zip = readFileSync(join(folder, file));
  const from = Date.parse(`${file.slice(-11, -4)}-01`);
  return { name: file.replace('.zip', '.csv'), zip, sum: hashOf(zip), covers: { from, to: nextBar(from, '1mo') } };
});

const root = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
const store = await openStore({ root, frames: inlineFrames(), now: Date.now });
const load = '01HV0000000000000000000000';

async function segment(index: number): Promise<{ rows: number; bytes: number }> {
  const { name, zip, sum, covers } = files[index % files.length] as (typeof files)[number];
  const pages = await store.pages<{ at: number }, { input: never }>(load, `binance-${index}`);
  if (hashOf(zip) !== sum) throw new Error('the checksum is another');
  const csv = await onlyFileOf(zip, name, { mostBytes: 1e9, mostRatio: 200 });
  const bars = archiveBars(csv, { symbol: 'BTCUSDT', timeframe: '1m', interval: covers }, covers, 'binance');
  await pages.append(bars, { at: covers.from });
  await pages.finish(input => ({ input: input as never }));
  return { rows: countOf(bars), bytes: zip.length };
}

// The first compiles what the others run.
for (let i = 0; i < 3; i++) await segment(1_000_000 + i);
let rows = 0;
let bytes = 0;
const start = performance.now();
const cpu = process.cpuUsage();
for (let i = 0; rows < Number(wanted); i++) {
  const done = await segment(i);
  rows += done.rows;
  bytes += done.bytes;
}
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
await store.close();
rmSync(root, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ rows, bytes, ms, cpuMs: (user + system) / 1_000, rssMb: peakMb(process.pid) }));

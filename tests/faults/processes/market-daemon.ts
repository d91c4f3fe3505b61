/**
 * The daemon on a market whose clock is set forward: each line on its input is by how many milliseconds it is ahead. All else is as it is.
 * Told to `look`, it collects its garbage and says what is left of its memory, and what it waits for.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLog } from '../../../src/logs.js';
import { readSettings } from '../../../src/settings.js';
import { runDaemon } from '../../../src/worker/daemon.js';

const { flags, ahead } = JSON.parse(process.argv[2] as string) as { flags: Record<string, unknown>; ahead: number };
let aheadMs = ahead;
createInterface({ input: process.stdin }).on('line', line => {
  if (line === 'look') look();
  else aheadMs = Number(line);
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function look(): void {
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  process.stdout.write(`looked ${JSON.stringify({ heapUsed, external, arrayBuffers, handles })}\n`);
}

const settings = readSettings({ file: undefined, env: {}, flags, folder: process.cwd() });
mkdirSync(dirname(settings.logs.file), { recursive: true });
const log = createLog({ level: settings.logs.level, file: settings.logs.file });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const say = (line: string): void => void process.stdout.write(`${line}\n`);
await runDaemon({ settings, log, say, stop: stop.signal, onlyServe: false, now: () => Date.now() + aheadMs }).finally(() => log.close());
process.exit();

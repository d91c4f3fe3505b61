/** The daemon's own process: settings, log, signals, exit code. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog } from '../logs.js';
import { fail, isTapekeepError } from '../model/errors.js';
import { exposedFiles, readSettings, secretsIn } from '../settings.js';
import { diskFault } from '../store/io.js';
import { runDaemon } from './daemon.js';

/** Seconds after which a daemon that drains is no longer waited for. */
const DRAIN_MS = 45_000;

/** One Ctrl+C can come twice: from the terminal, and from npm that hands it on. That is not yet a second one. */
const ECHO_MS = 300;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      set: { type: 'string', multiple: true },
      'only-serve': { type: 'boolean' },
      'with-parent': { type: 'boolean' },
      quiet: { type: 'boolean' },
    },
  });
  const flags = Object.fromEntries((values.set ?? []).map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  const where = { file: values.config, env: process.env, flags, folder: process.cwd() };
  const settings = readSettings(where);
  makeFolder(dirname(settings.logs.file));
  const log = createLog({ level: settings.logs.level, file: settings.logs.file, secrets: secretsIn(settings) });
  for (const { found, next } of exposedFiles(where, settings)) log.warn(`${found}: ${next}`);
  const stop = new AbortController();
  const drain = () => {
    log.info('draining');
    stop.abort();
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
  };
  let first = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted && performance.now() - first > ECHO_MS) process.exit(130);
    if (stop.signal.aborted) return;
    first = performance.now();
    say(`${signal}: finishing what is under way. Once more leaves at once; nothing is lost either way.`);
    drain();
  };
  const say = (line: string) => {
    log.info(line);
    if (!values.quiet) process.stdout.write(`${line}\n`);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  if (values['with-parent']) followParent(drain);
  try {
    await runDaemon({
      settings,
      log,
      say,
      stop: stop.signal,
      onlyServe: values['only-serve'] ?? false,
      attached: values['with-parent'] ?? false,
    });
    say('tapekeep is down.');
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    log.error((error as Error).message, { stack: (error as Error).stack });
    throw error;
  } finally {
    await log.close();
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw diskFault(error, 'mkdir', folder);
  }
}

/** Started for the time that another process needs it: the pipe from there closes when that process is gone, even by a kill. */
function followParent(drain: () => void): void {
  process.stdin.once('end', drain).resume();
  // Nobody reads any more what is said while it drains.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = isTapekeepError(error) ? error : fail('INTERNAL', { reason: (error as Error).message }, error);
  process.stderr.write(`${known.code}: ${known.message}\n  ${known.help}\n`);
  process.exitCode = 1;
}
process.exit();

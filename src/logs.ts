/** The log: winston behind a small face. One JSON object a line, readable on a terminal, and never a secret. */
import { finished } from 'node:stream/promises';
import winston from 'winston';
import { type Context, type Entry, entryOf, type Facts, type Level } from './logs/entry.js';
import { readable } from './logs/readable.js';
import { redactor } from './logs/redact.js';

export type { Context, Entry, Facts, Level } from './logs/entry.js';

export interface Log {
  error(what: string, facts?: Facts): void;
  warn(what: string, facts?: Facts): void;
  info(what: string, facts?: Facts): void;
  debug(what: string, facts?: Facts): void;
  /** The same log for lines that are all about one thing. */
  child(context: Context): Log;
}

export interface RootLog extends Log {
  /** Hides one more secret from now on, in this log and its children. */
  hide(secret: string): void;
  /** Resolves when every line is where it belongs; no line may follow. */
  close(): Promise<void>;
}

export interface LogOptions {
  readonly level: Level;
  /** The file of JSON lines; it is turned over by size. */
  readonly file?: string | undefined;
  readonly stream?: NodeJS.WritableStream | undefined;
  /** Whether the stream is read by a person: a readable form, in colour unless NO_COLOR is set. */
  readonly terminal?: boolean | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly noColour?: boolean | undefined;
  readonly now?: (() => number) | undefined;
  readonly fileBytes?: number | undefined;
}

const FILE_BYTES = 10_485_760;
const FILES_KEPT = 5;
const LEVELS: Readonly<Record<Level, number>> = { error: 0, warn: 1, info: 2, debug: 3 };
const MESSAGE = Symbol.for('message');

const written = (line: (entry: Entry) => string) =>
  winston.format(info => Object.assign(info, { [MESSAGE]: line((info as unknown as { entry: Entry }).entry) }))();

function transportsOf({ file, stream, terminal = false, noColour, fileBytes }: LogOptions): winston.transport[] {
  const colour = terminal && !(noColour ?? (process.env.NO_COLOR ?? '') !== '');
  const json = written(entry => JSON.stringify(entry));
  const transports: winston.transport[] = [];
  if (stream)
    transports.push(new winston.transports.Stream({ stream, format: terminal ? written(entry => readable(entry, colour)) : json }));
  if (file !== undefined) {
    const turnOver = { maxsize: fileBytes ?? FILE_BYTES, maxFiles: FILES_KEPT, tailable: true };
    transports.push(new winston.transports.File({ filename: file, format: json, ...turnOver, options: { flags: 'a', mode: 0o600 } }));
  }
  return transports;
}

export function createLog(options: LogOptions): RootLog {
  const transports = transportsOf(options);
  const logger = winston.createLogger({ level: options.level, levels: { ...LEVELS }, transports, silent: transports.length === 0 });
  // A full disk under the log file must not end the daemon, and there is nowhere else to say so.
  logger.on('error', () => undefined);
  const secrets = [...(options.secrets ?? [])];
  let redact = redactor(secrets);
  const now = options.now ?? Date.now;
  const speak = (level: Level, what: string, facts: Facts): void => {
    if (LEVELS[level] > LEVELS[options.level]) return;
    logger.log({ level, message: '', entry: entryOf({ at: now(), level, what, facts }, redact) });
  };
  return {
    ...logOf(speak, {}),
    hide(secret) {
      secrets.push(secret);
      redact = redactor(secrets);
    },
    async close() {
      const done = transports.map(transport => finished(transport).catch(() => undefined));
      logger.end();
      await Promise.all(done);
    },
  };
}

type Speak = (level: Level, what: string, facts: Facts) => void;

const logOf = (speak: Speak, context: Context): Log => ({
  error: (what, facts) => speak('error', what, { ...context, ...facts }),
  warn: (what, facts) => speak('warn', what, { ...context, ...facts }),
  info: (what, facts) => speak('info', what, { ...context, ...facts }),
  debug: (what, facts) => speak('debug', what, { ...context, ...facts }),
  child: more => logOf(speak, { ...context, ...more }),
});

/** The log: winston behind a small face. One JSON object a line, readable on a terminal, and never a secret. */
import { finished } from 'node:stream/promises';
import winston from 'winston';
import { type Context, type Entry, entryOf, type Facts, type Level } from './logs/entry.js';
import { readable } from './logs/readable.js';
import { redactor } from './logs/redact.js';
import { TurnedFile } from './logs/turned-file.js';

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

function transportsOf({ stream, terminal = false, noColour }: LogOptions, file: TurnedFile | undefined): winston.transport[] {
  const colour = terminal && !(noColour ?? (process.env.NO_COLOR ?? '') !== '');
  const json = written(entry => JSON.stringify(entry));
  const human = written(entry => readable(entry, colour));
  return [
    ...(stream ? [new winston.transports.Stream({ stream, format: terminal ? human : json })] : []),
    ...(file ? [new winston.transports.Stream({ stream: file, format: json })] : []),
  ];
}

export function createLog(options: LogOptions): RootLog {
  const file =
    options.file === undefined ? undefined : new TurnedFile(options.file, { bytes: options.fileBytes ?? FILE_BYTES, files: FILES_KEPT });
  const transports = transportsOf(options, file);
  const logger = winston.createLogger({ level: options.level, levels: { ...LEVELS }, transports, silent: transports.length === 0 });
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
      const done = transports.map(transport => finished(transport));
      logger.end();
      await Promise.all(done);
      if (file) await finished(file.end());
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

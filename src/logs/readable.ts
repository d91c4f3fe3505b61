/** The log as a person reads it on a terminal: time, level and words in columns, then the facts. */
import { CONTEXT, type Entry, type Level } from './entry.js';
import type { Plain } from './tame.js';

const COLOURS: Readonly<Record<Level, string>> = { error: '\u001b[31m', warn: '\u001b[33m', info: '\u001b[32m', debug: '\u001b[2m' };
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';

const LEVEL_WIDTH = 5;
const WORDS_WIDTH = 48;
const LONGEST_FACT = 200;

export function readable(entry: Entry, colour: boolean): string {
  const paint = (code: string, text: string) => (colour && text !== '' ? `${code}${text}${PLAIN}` : text);
  const time = entry.time.slice(11, 23);
  const level = paint(COLOURS[entry.level], entry.level.padEnd(LEVEL_WIDTH));
  const about = CONTEXT.flatMap(name => (entry[name] === undefined ? [] : [`${name}=${onOneLine(quoted(entry[name]))}`]));
  const others = Object.entries(entry.facts ?? {}).map(([name, value]) => `${name}=${onOneLine(brief(value))}`);
  const tail = [...about, ...others].join(' ');
  const words = onOneLine(entry.what);
  return `${paint(DIM, time)} ${level} ${tail === '' ? words : words.padEnd(WORDS_WIDTH)} ${paint(DIM, tail)}`.trimEnd();
}

const onOneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ⏎ ').replaceAll('\t', ' ');

const quoted = (text: string): string => (/[\s"=]/.test(text) ? JSON.stringify(text) : text);

/** Of an error the message with its causes; the stack is in the file. */
function brief(value: Plain): string {
  const text = typeof value === 'string' ? quoted(value) : isError(value) ? quoted(messages(value)) : JSON.stringify(value);
  return text.length > LONGEST_FACT ? `${text.slice(0, LONGEST_FACT)}…` : text;
}

interface ErrorFields {
  readonly name: string;
  readonly message: string;
  readonly code?: Plain;
  readonly cause?: Plain;
}

const isError = (value: Plain | undefined): value is ErrorFields & Plain =>
  typeof value === 'object' && value !== null && 'message' in value && 'name' in value;

const messages = ({ name, code, message, cause }: ErrorFields): string =>
  `${code ?? name}: ${message}` + (isError(cause) ? ` ← ${messages(cause)}` : '');

/** Makes plain, bounded, harmless data of whatever somebody wants to log. */
import { stripVTControlCharacters } from 'node:util';
import { HIDDEN, namesSecret } from './redact.js';

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

const LONGEST_TEXT = 8_192;
const MOST_ENTRIES = 100;
const MOST_DEPTH = 6;

/** Control characters but tab and newline, and the marks that turn the direction of text or cannot be seen. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const visible = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Terminal sequences vanish, other control characters become visible. */
export const harmless = (text: string): string => stripVTControlCharacters(text).replace(UNSEEN, visible);

type Redact = (text: string) => string;

/** Hidden before and after: a sequence within a secret would break it up, and so would a cut. */
export function tameText(text: string, redact: Redact): string {
  const clean = redact(harmless(redact(text)));
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}… (${clean.length - LONGEST_TEXT} more)` : clean;
}

export function tame(value: unknown, redact: Redact, around: readonly unknown[] = []): Plain {
  if (typeof value === 'string') return tameText(value, redact);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return tameText(String(value), redact);
  if (around.includes(value)) return '(again)';
  if (around.length >= MOST_DEPTH) return '(deeper)';
  try {
    return tameObject(value, redact, [...around, value]);
  } catch (error) {
    return `(unreadable: ${tameText(String(error), redact)})`;
  }
}

function tameObject(value: object, redact: Redact, around: readonly unknown[]): Plain {
  if (value instanceof Error) return tameFields(errorFields(value), redact, around);
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (value instanceof Map) return tame([...value].slice(0, MOST_ENTRIES + 1), redact, around);
  if (value instanceof Set) return tame([...value].slice(0, MOST_ENTRIES + 1), redact, around);
  if (Array.isArray(value)) return tameList(value, redact, around);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return tame(toJSON.call(value), redact, around);
  return tameFields(value, redact, around);
}

function tameList(list: readonly unknown[], redact: Redact, around: readonly unknown[]): Plain {
  const items = list.slice(0, MOST_ENTRIES).map(item => tame(item, redact, around));
  return list.length > MOST_ENTRIES ? [...items, `(${list.length - MOST_ENTRIES} more)`] : items;
}

function tameFields(fields: object, redact: Redact, around: readonly unknown[]): Plain {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined && typeof value !== 'function');
  const plain = entries.slice(0, MOST_ENTRIES).map(([name, value]) => {
    const hidden = namesSecret(name) && value !== null;
    return [tameText(name, redact), hidden ? HIDDEN : tame(value, redact, around)] as const;
  });
  const more = entries.length > MOST_ENTRIES ? [['…', `${entries.length - MOST_ENTRIES} more`] as const] : [];
  return Object.fromEntries([...plain, ...more]);
}

/** What an error holds that enumeration would not show, and all that somebody hung on it. */
const errorFields = (error: Error): object => ({
  ...error,
  name: error.name,
  message: error.message,
  stack: error.stack,
  cause: error.cause,
  ...(error instanceof AggregateError ? { errors: error.errors } : {}),
});

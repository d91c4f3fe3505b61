/** Splits and dividends as a person writes them down: CSV or JSON. */
import { readFileSync } from 'node:fs';
import { fail } from '../model/errors.js';
import { HAND, type MarketEvent } from '../model/events.js';
import { checkEvents } from '../model/events-order.js';

const MOST_BYTES = 4_194_304;
const HEAD = ['date', 'kind', 'value', 'currency'];

/** Raises EVENTS_INVALID with the line. */
export function readEventsFile(path: string): MarketEvent[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fail('EVENTS_INVALID', { where: path, reason: 'there is no such file, or it cannot be read' }, error);
  }
  if (text.length > MOST_BYTES) throw fail('EVENTS_INVALID', { where: path, reason: `it is larger than ${MOST_BYTES} bytes` });
  return /^\s*[[{]/.test(text) ? eventsFromJson(path, text) : eventsFromCsv(path, text);
}

/** `date,kind,value,currency`, in any order: the value of a split is its ratio (4, 4:1, 3/2), of a dividend its amount. */
export function eventsFromCsv(name: string, text: string): MarketEvent[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const rows = lines
    .map((line, i) => ({ cells: line.split(',').map(cell => cell.trim()), where: `${name}:${i + 1}` }))
    .filter(r => r.cells.join('') !== '');
  const [head, ...body] = rows;
  const names = head?.cells.map(cell => cell.toLowerCase()) ?? [];
  if (!head || HEAD.slice(0, 3).some(h => !names.includes(h)) || names.some(n => !HEAD.includes(n)))
    throw fail('EVENTS_INVALID', { where: head?.where ?? name, reason: `its first line names the columns: ${HEAD.join(',')}` });
  const values = body.map(({ cells, where }) => {
    if (cells.length > names.length)
      throw fail('EVENTS_INVALID', { where, reason: `it has ${cells.length} cells, and there are ${names.length} columns` });
    return fromWords(Object.fromEntries(names.map((n, i) => [n, cells[i] ?? ''])));
  });
  return checkEvents(values, i => body[i]?.where ?? name);
}

/** A list of `{date, kind, ratio}` and `{date, kind, amount, currency}`, as `events list --json` gives it. */
export function eventsFromJson(name: string, text: string): MarketEvent[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw fail('EVENTS_INVALID', { where: name, reason: `it is not JSON: ${(error as Error).message}` }, error);
  }
  const list = Array.isArray(given) ? given : (given as { events?: unknown })?.events;
  if (!Array.isArray(list)) throw fail('EVENTS_INVALID', { where: name, reason: 'there is no list of events in it' });
  const where = (i: number): string => `${name}, event ${i + 1}`;
  return checkEvents(
    list.map(event => ({ ...(event as object), date: dateOf(String((event as { date?: unknown })?.date)), source: HAND })),
    where,
  );
}

function fromWords({ date = '', kind = '', value = '', currency = '' }: Partial<Record<string, string>>): object {
  const own = kind.toLowerCase();
  const told = own === 'split' ? { ratio: ratioOf(value) } : { amount: numberOf(value), currency: currency.toUpperCase() };
  return { date: dateOf(date), kind: own === '' ? kind : own, ...told, source: HAND };
}

/** NaN where the text is none: the check refuses it with the line. */
const numberOf = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

function ratioOf(text: string): number {
  const [, news, old] = /^(\S+?)\s*[:/]\s*(\S+)$/.exec(text) ?? [];
  return news === undefined || old === undefined ? numberOf(text) : numberOf(news) / numberOf(old);
}

function dateOf(text: string): number {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(date) && new Date(date).toISOString().startsWith(text) ? date : Number.NaN;
}

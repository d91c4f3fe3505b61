/** Splits and dividends as a person writes them down: CSV or JSON. */
import { fail, type TapekeepError } from '../../model/errors.js';
import { HAND, type MarketEvent } from '../../model/events.js';
import { checkEvents } from '../../model/events-order.js';
import { readText } from '../../written/text.js';
import { readYaml } from '../../written/yaml.js';

const MOST_BYTES = 4_194_304;
const HEAD = ['date', 'kind', 'value', 'currency'];

/** Raises EVENTS_INVALID with the line. */
export function readEventsFile(path: string): MarketEvent[] {
  const text = readText(path, MOST_BYTES, (line, reason, cause) => refused(path, line, reason, cause));
  return /^\s*[[{]/.test(text) ? eventsFromJson(path, text) : eventsFromCsv(path, text);
}

const refused = (name: string, line: number | null, reason: string, cause?: unknown): TapekeepError =>
  fail('EVENTS_INVALID', { where: line === null ? name : `${name}:${line}`, reason }, cause);

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
  const refuse = (line: number | null, reason: string) => refused(name, line, reason);
  // JSON is YAML, too: a key that is there twice is refused, and what is wrong has a line.
  const { values, lineOf } = readYaml(text, { mostBytes: MOST_BYTES, refuse });
  const inside = Array.isArray(values) ? [] : ['events'];
  const list = Array.isArray(values) ? values : (values as { events?: unknown } | null)?.events;
  if (!Array.isArray(list)) throw refuse(null, 'there is no list of events in it');
  const where = (i: number): string => `${name}:${lineOf([...inside, i])}, event ${i + 1}`;
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

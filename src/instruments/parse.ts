/** From the text of a file to instruments; what is wrong is told with its line. */
import type { z } from 'zod';
import { fail, type TapekeepError } from '../model/errors.js';
import { clashOf, createInstruments, type Instrument, type Instruments } from '../model/instruments.js';
import { type Path, readYaml } from '../written/yaml.js';
import { type Entry, fileShape } from './shape.js';

export const MOST_BYTES = 4_194_304;

/** `name` is what messages call the file. */
export function instrumentsFrom(name: string, text: string): Instruments {
  const refuseAt = (line: number | null, reason: string) => refused(name, line, reason);
  const { values, lineOf } = readYaml(text, { mostBytes: MOST_BYTES, refuse: refuseAt });
  const refuse = (path: Path, reason: string) => refuseAt(lineOf(path), reason);
  const all = entriesOf(values, refuse).map(instrumentOf);
  const clash = clashOf(all);
  if (clash) throw refuse(['instruments', clash.place], clash.reason);
  return createInstruments(all);
}

export const refused = (name: string, line: number | null, reason: string, cause?: unknown): TapekeepError =>
  fail('INSTRUMENTS_INVALID', { where: line === null ? name : `${name}:${line}`, reason }, cause);

type Refuse = (path: Path, reason: string) => TapekeepError;

function entriesOf(values: unknown, refuse: Refuse): readonly Entry[] {
  const read = fileShape.safeParse(values);
  if (read.success) return read.data.instruments;
  const [issue] = read.error.issues as [z.core.$ZodIssue];
  const path = issue.path.filter(part => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') throw refuse([...path, issue.keys[0] as string], `there is no field ${issue.keys[0]}`);
  throw refuse(path, `${path.length > 0 ? `${path.at(-1)}: ` : ''}${deepest(issue)}`);
}

/** Where several forms are allowed, the last one, which is the fullest, tells best what is wrong. */
const deepest = (issue: z.core.$ZodIssue): string => {
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined;
  return inner ? `${inner.path.join('.')}: ${inner.message}` : issue.message;
};

const instrumentOf = ({ asset_class, first_trade, last_trade, ...entry }: Entry): Instrument => ({
  id: entry.id,
  name: entry.name,
  assetClass: asset_class,
  calendar: entry.calendar ?? null,
  currency: entry.currency ?? null,
  tick: entry.tick ?? null,
  tickers: entry.tickers.map(({ symbol, from = null, to = null }) => ({ symbol, from, to })),
  also: entry.also,
  providers: entry.providers,
  firstTrade: first_trade ? { date: first_trade.date, knownFrom: first_trade.known_from } : null,
  lastTrade: last_trade ? { date: last_trade.date, knownFrom: last_trade.known_from } : null,
});

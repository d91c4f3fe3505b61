/** From the text of a file to instruments; what is wrong is told with its line. */
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { fail, type TapekeepError } from '../model/errors.js';
import { clashOf, createInstruments, type Instrument, type Instruments } from '../model/instruments.js';
import { type Entry, fileShape } from './shape.js';

const MOST_BYTES = 4_194_304;

type Path = readonly (string | number)[];

/** `name` is what messages call the file. */
export function instrumentsFrom(name: string, text: string): Instruments {
  const lines = new LineCounter();
  const refuseAt = (line: number, reason: string) => fail('INSTRUMENTS_INVALID', { where: `${name}:${line}`, reason });
  if (Buffer.byteLength(text) > MOST_BYTES) throw refuseAt(1, `it is larger than ${MOST_BYTES} bytes`);
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, stringKeys: true, lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw refuseAt(lines.linePos(problem.pos[0]).line, problem.message);
  const refuse = (path: Path, reason: string) => refuseAt(lines.linePos(offsetOf(document, path)).line, reason);
  const all = entriesOf(valuesOf(document, refuse), refuse).map(instrumentOf);
  const clash = clashOf(all);
  if (clash) throw refuse(['instruments', clash.place], clash.reason);
  return createInstruments(all);
}

type Refuse = (path: Path, reason: string) => TapekeepError;

/** Nothing stands for something elsewhere: each entry says what it says. */
function valuesOf(document: ReturnType<typeof parseDocument>, refuse: Refuse): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw refuse([], error instanceof Error ? error.message : String(error));
  }
}

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

/** Where a path stands in the text: its key, or the closest thing around it that is there. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const around = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(around) ? around.items.find(item => String(item.key) === last) : undefined;
    const node = isNode(pair?.key) ? pair.key : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

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

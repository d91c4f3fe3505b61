/** A calendar file: YAML within bounds, with the line of every key. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { fail, type TapekeepError } from '../model/errors.js';

export type Path = readonly (string | number)[];

export interface Source {
  readonly file: string;
  readonly values: unknown;
  /** What is wrong, told with the line where it stands. */
  refuse(path: Path, reason: string): TapekeepError;
  lineOf(path: Path): number;
}

export const MOST_BYTES = 1_048_576;

export function readSource(file: string, text: string): Source {
  const refuse = (line: number, reason: string) => fail('CALENDAR_INVALID', { where: `${file}:${line}`, reason });
  if (Buffer.byteLength(text) > MOST_BYTES) throw refuse(1, `it is larger than ${MOST_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, stringKeys: true, lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw refuse(lines.linePos(problem.pos[0]).line, problem.message);
  const values = plainValues(document, reason => refuse(1, reason));
  const places = new Map<string, number>();
  notePlaces(document.contents, [], (path, at) => places.set(JSON.stringify(path), lines.linePos(at).line));
  const lineOf = (path: Path): number => {
    for (let n = path.length; n > 0; n--) {
      const line = places.get(JSON.stringify(path.slice(0, n).map(String)));
      if (line !== undefined) return line;
    }
    return 1;
  };
  return { file, values, lineOf, refuse: (path, reason) => refuse(lineOf(path), reason) };
}

/** Nothing may stand for something elsewhere: each line says what it says. */
function plainValues(document: ReturnType<typeof parseDocument>, refuse: (reason: string) => TapekeepError): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Calls back with the place of every key and list entry. */
function notePlaces(node: unknown, path: readonly string[], note: (path: readonly string[], at: number) => void): void {
  if (isAlias(node)) return;
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    for (const { key, value } of node.items) {
      const inner = [...path, isScalar(key) ? String(key.value) : ''];
      note(inner, key.range[0]);
      notePlaces(value, inner, note);
    }
  }
  if (isSeq<ParsedNode>(node)) {
    for (const [i, item] of node.items.entries()) {
      note([...path, String(i)], item.range[0]);
      notePlaces(item, [...path, String(i)], note);
    }
  }
}

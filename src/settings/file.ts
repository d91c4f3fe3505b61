/** The settings file: YAML read with the safe schema, within bounds, and with the line of every key. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument, visit } from 'yaml';
import { fail, type TapekeepError } from '../model/errors.js';
import { isTree, type Layer } from './layer.js';
import { keyOf, type Path } from './shape.js';

export const MOST_BYTES = 1_048_576;
const MOST_ALIASES = 100;
const MOST_DEPTH = 20;

/** The text of a settings file as a layer; `name` is what messages call the file. */
export function fileLayer(name: string, text: string): Layer {
  if (Buffer.byteLength(text) > MOST_BYTES) throw unreadable(name, 1, `it is larger than ${MOST_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, stringKeys: true, lineCounter: lines, prettyErrors: false });
  const lineOf = (node: { range?: readonly number[] | null | undefined } | null): number => lines.linePos(node?.range?.[0] ?? 0).line;
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw unreadable(name, lines.linePos(problem.pos[0]).line, problem.message);
  visit(document, {
    Node: (_, node, around) => {
      if ((node as Node & { tag?: string }).tag !== undefined) throw unreadable(name, lineOf(node as ParsedNode), 'tags are not allowed');
      if (around.length > MOST_DEPTH * 2) throw unreadable(name, lineOf(node as ParsedNode), 'it is nested too deep');
    },
  });
  const places = new Map<string, number>();
  notePlaces(document.contents, [], (path, node) => places.set(keyOf(path), lineOf(node)));
  return { values: valuesOf(document, name), where: path => `${name}:${placeOf(places, path)}` };
}

function valuesOf(document: ReturnType<typeof parseDocument>, name: string): unknown {
  const values = readAliases(document, name);
  if (values === null || values === undefined) return {};
  if (!isTree(values)) throw unreadable(name, 1, 'it has to be keys with values');
  return values;
}

function readAliases(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw unreadable(name, 1, error instanceof Error ? error.message : String(error));
  }
}

const unreadable = (name: string, line: number, reason: string): TapekeepError =>
  fail('SETTINGS_UNREADABLE', { where: `${name}:${line}`, reason });

/** Calls back with the path and the node of every key and list entry. What an alias repeats has the alias's place. */
function notePlaces(node: unknown, path: Path, note: (path: Path, node: ParsedNode) => void): void {
  if (isAlias(node)) return;
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    for (const { key, value } of node.items) {
      const inner = [...path, isScalar(key) ? String(key.value) : ''];
      note(inner, key);
      notePlaces(value, inner, note);
    }
  }
  if (isSeq<ParsedNode>(node)) {
    for (const [i, item] of node.items.entries()) {
      note([...path, i], item);
      notePlaces(item, [...path, i], note);
    }
  }
}

/** The line of a key, or of the closest section around it. */
function placeOf(places: ReadonlyMap<string, number>, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const line = places.get(keyOf(path.slice(0, length)));
    if (line !== undefined) return line;
  }
  return 1;
}

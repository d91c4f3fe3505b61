/** The one reader of YAML, and of JSON that a person writes: the safe schema, within bounds, with the line of every key. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import { type Refuse, requireText } from './text.js';

export type Path = readonly PropertyKey[];

export interface Bounds {
  readonly mostBytes: number;
  /** How often aliases may repeat what an anchor marks; unsaid, never: each line says what it says. */
  readonly mostRepeats?: number;
  readonly refuse: Refuse;
}

export interface Yaml {
  readonly values: unknown;
  /** The line of a key or list entry, or of the closest thing around it. What an alias repeats has the alias's line. */
  lineOf(path: Path): number;
}

const MOST_DEPTH = 40;

export function readYaml(text: string, { mostBytes, mostRepeats = 0, refuse }: Bounds): Yaml {
  if (Buffer.byteLength(text) > mostBytes) throw refuse(1, `it is larger than ${mostBytes} bytes`);
  requireText(text, refuse);
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  // That keys are unique is looked at below: the parser compares each with each, which takes minutes where they are many.
  const document = parseDocument(text, {
    schema: 'core',
    uniqueKeys: false,
    stringKeys: true,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw refuse(lineAt(problem.pos[0]), problem.message);
  const refuseAt = (node: Node | null, reason: string) => refuse(lineAt(node?.range?.[0] ?? 0), reason);
  judge(document, mostRepeats, refuseAt);
  const values = valuesOf(document, mostRepeats, refuseAt);
  let places: ReadonlyMap<string, number> | undefined;
  return {
    values,
    lineOf(path) {
      places ??= placesOf(document.contents);
      for (let length = path.length; length > 0; length--) {
        const at = places.get(placeOf(path.slice(0, length)));
        if (at !== undefined) return lineAt(at);
      }
      return 1;
    },
  };
}

/** Nothing that makes objects, stands for itself, or says one thing twice. */
function judge(document: Document, mostRepeats: number, refuseAt: (node: Node | null, reason: string) => Error): void {
  const anchors = new Set<string>();
  visit(document, {
    Node: (_, node, around) => {
      if ('tag' in node && node.tag !== undefined) throw refuseAt(node, 'tags are not allowed');
      if (around.length > MOST_DEPTH) throw refuseAt(node, 'it is nested too deep');
      if (isMap(node)) requireUnique(node.items, refuseAt);
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return;
      }
      if (mostRepeats === 0) throw refuseAt(node, 'aliases are not allowed: write the value itself');
      if (!anchors.has(node.source)) throw refuseAt(node, `nothing before it has the anchor &${node.source}`);
      if (around.some(outer => (outer as { anchor?: string }).anchor === node.source))
        throw refuseAt(node, `*${node.source} stands for what it is a part of`);
    },
  });
}

function requireUnique(pairs: readonly Pair[], refuseAt: (node: Node | null, reason: string) => Error): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    const name = nameOfKey(key);
    if (name === '<<') throw refuseAt(key as Node, 'merge keys (<<) are not allowed: write the keys themselves');
    if (seen.has(name)) throw refuseAt(key as Node, `the key ${name} is there twice: keys must be unique`);
    seen.add(name);
  }
}

function valuesOf(document: Document, mostRepeats: number, refuseAt: (node: Node | null, reason: string) => Error): unknown {
  try {
    return document.toJS({ maxAliasCount: mostRepeats });
  } catch (error) {
    let first: Alias | null = null;
    visit(document, {
      Alias: (_, alias) => {
        first = alias;
        return visit.BREAK;
      },
    });
    throw refuseAt(first, `its aliases repeat too much: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const nameOfKey = (key: unknown): string => (isScalar(key) ? String(key.value) : '');
const placeOf = (path: Path): string => JSON.stringify(path.map(String));

/** Where every key and list entry begins. */
function placesOf(contents: unknown): Map<string, number> {
  const places = new Map<string, number>();
  const note = (node: unknown, path: readonly string[]): void => {
    const inside = isMap<ParsedNode, ParsedNode | null>(node)
      ? node.items.map(({ key, value }) => [nameOfKey(key), key, value] as const)
      : isSeq<ParsedNode>(node)
        ? node.items.map((item, i) => [String(i), item, item] as const)
        : [];
    for (const [name, at, value] of inside) {
      places.set(placeOf([...path, name]), at.range[0]);
      note(value, [...path, name]);
    }
  };
  note(contents, []);
  return places;
}

/** Settings given as single values: environment variables and flags. Both name a setting by its key. */
import { fail } from '../model/errors.js';
import { readYaml } from '../written/yaml.js';
import { MOST_BYTES } from './file.js';
import { type Layer, withValue } from './layer.js';
import { nearest } from './near.js';
import { isSecretName, shown } from './secret.js';
import { keyOf, type Leaf, leaves, type Path, typeAt } from './shape.js';
import { KEY_VARIABLES } from './sources.js';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Flags = Readonly<Record<string, unknown>>;

/** Names that were there before the rule. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  data: 'DATA_CACHE_DIR',
  'temporal.cli': 'TEMPORAL_CLI',
  'disk.maxSize': 'CACHE_MAX_SIZE_GB',
  ...KEY_VARIABLES,
};
const PREFIX = 'TAPEKEEP_';
/** Names the settings file; it cannot be a setting in it. */
export const FILE_VARIABLE = `${PREFIX}CONFIG`;
/** No settings: the file of them, and where the tests of this project find recorded answers, which programs they start inherit. */
const OTHERS: readonly string[] = [FILE_VARIABLE, `${PREFIX}FIXTURES`];

/** The variable of a setting: TAPEKEEP_ and its path, `temporal.uiPort` as TAPEKEEP_TEMPORAL_UI_PORT. */
export const variableOf = (key: string): string =>
  OWN_NAMES[key] ??
  PREFIX +
    key
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/[.-]/g, '_')
      .toUpperCase();

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

export function environmentLayer(environment: Environment): Layer {
  const known = new Map(leaves().map(leaf => [variableOf(leaf.key), leaf]));
  const unknown = Object.keys(environment).find(name => name.startsWith(PREFIX) && !OTHERS.includes(name) && !known.has(name));
  if (unknown !== undefined) throw unknownKey('the environment', unknown, environment[unknown], [...known.keys()]);
  const given = [...known].flatMap(([name, leaf]) => (isSet(environment[name]) ? [{ leaf, value: environment[name] }] : []));
  return { values: given.reduce<unknown>(placed, {}), where: path => variableOf(keyOf(path).replace(/\[.*/, '')) };
}

const placed = (tree: unknown, { leaf, value }: { leaf: Leaf; value: unknown }): unknown =>
  withValue(tree, leaf.path, read(value, leaf.path));

/** Flags name settings by key (`temporal.port`); a whole section may be given as an object. */
export function flagLayer(flags: Flags): Layer {
  const known = leaves().map(leaf => leaf.key);
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  const values = given.reduce<unknown>((tree, [key, value]) => {
    const path = key.split('.');
    if (!known.some(name => name === key || name.startsWith(`${key}.`))) throw unknownKey(`--set ${key}`, key, value, known);
    return withValue(tree, path, read(value, path));
  }, {});
  return { values, where: path => `--set ${keyOf(path).replace(/\[.*/, '')}` };
}

/** A text stays one where a text is allowed; else it is read as YAML reads a value: 8, true, [{ symbol: X }]. */
function read(value: unknown, path: Path): unknown {
  if (typeof value !== 'string' || typeAt(path)?.safeParse(value).success) return value;
  try {
    return readYaml(value, { mostBytes: MOST_BYTES, refuse: () => new Error('it stays the text it is') }).values;
  } catch {
    return value;
  }
}

/** The refusal of a key that is not there, with the closest that is. */
export function unknownKey(where: string, key: string, value: unknown, known: readonly string[]) {
  const meant = nearest(key, known);
  const last = key.split('.').at(-1) ?? key;
  return fail('SETTING_UNKNOWN', {
    where,
    key,
    value: printable(isSecretName(last) ? shown('', 'key') : value),
    allowed: (meant === undefined ? '' : `${meant}? `) + `(${known.join(', ')})`,
  });
}

const LONGEST_SHOWN = 120;

/** A value as a fact for a message: short, and without secrets. */
export function printable(value: unknown): string | number | boolean | null {
  const plain = shown(value);
  if (typeof plain === 'number' || typeof plain === 'boolean' || plain === null) return plain;
  const text = typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? 'nothing');
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** From layers to one typed object, or to all that is wrong with them. */
import type { z } from 'zod';
import { fail, isTapekeepError, type TapekeepError } from '../model/errors.js';
import { defaults } from './defaults.js';
import { fileLayer } from './file.js';
import { type Environment, environmentLayer, type Flags, flagLayer, printable, unknownKey } from './given.js';
import { type Layer, merged, valueAt, whereIs } from './layer.js';
import { withReferences } from './references.js';
import { type Settings, schema } from './schema.js';
import { HIDDEN, isSecretName } from './secret.js';
import { aboutAt, keyOf, leaves, namesAt, type Path } from './shape.js';

/** What settings are made of, lowest first: the defaults, a file's text, the environment, flags. */
export interface Sources {
  /** The file of sources beside the settings file: who is asked for what, and with which address, plan and key. */
  readonly providers?: { readonly name: string; readonly text: string } | undefined;
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  readonly env?: Environment | undefined;
  readonly flags?: Flags | undefined;
}

/** One line of `config check`: what holds, and because of whom. */
export interface Row {
  readonly key: string;
  readonly value: unknown;
  readonly where: string;
  readonly doc: string;
}

export type Inspection =
  | { readonly settings: Settings; readonly rows: readonly Row[]; readonly faults: readonly [] }
  | { readonly settings?: undefined; readonly rows: readonly Row[]; readonly faults: readonly [TapekeepError, ...TapekeepError[]] };

/** The settings that hold, validated. Throws the first fault. */
export function parseSettings(sources: Sources = {}): Settings {
  const { settings, faults } = inspectSettings(sources);
  if (!settings) throw faults[0];
  return settings;
}

/** The same for a person who wants to see everything: each setting with its place, and every fault. */
export function inspectSettings(sources: Sources = {}): Inspection {
  const { layers, refused } = layersOf(sources);
  const values = layers.reduce<unknown>((below, layer) => merged(below, layer.values), {});
  const rows = rowsOf(layers, values);
  const result = schema.safeParse(values);
  const [first, ...more] = [...refused, ...(result.error?.issues ?? []).flatMap(issue => faultsOf(issue, layers, values))];
  if (first) return { rows, faults: [first, ...more] };
  return { settings: result.data as Settings, rows, faults: [] };
}

function layersOf({ providers, file, env, flags }: Sources): { layers: Layer[]; refused: TapekeepError[] } {
  const layers: Layer[] = [{ values: defaults, where: () => 'default' }];
  const refused: TapekeepError[] = [];
  const make = [
    () => providers && withReferences(onlySources(fileLayer(providers.name, providers.text)), env ?? {}),
    () => file && withReferences(fileLayer(file.name, file.text), env ?? {}),
    () => env && environmentLayer(env),
    () => flags && flagLayer(flags),
  ];
  for (const layer of make) {
    try {
      layers.push(layer() ?? { values: {}, where: () => '' });
    } catch (error) {
      if (!isTapekeepError(error)) throw error;
      refused.push(error);
    }
  }
  return { layers, refused };
}

const OF_SOURCES = ['rules', 'providers'];

/** The file of sources tells of them and of nothing else. */
function onlySources(layer: Layer): Layer {
  const other = Object.keys(layer.values as object).find(key => !OF_SOURCES.includes(key));
  if (other !== undefined) throw unknownKey(layer.where([other]), other, valueAt(layer.values, [other]), OF_SOURCES);
  return layer;
}

const isHidden = (path: Path): boolean => path.some(part => typeof part === 'string' && isSecretName(part));

const rowsOf = (layers: readonly Layer[], values: unknown): Row[] =>
  leaves().map(({ key, path, doc }) => {
    const value = valueAt(values, path);
    return {
      key,
      value: value === undefined ? undefined : isHidden(path) ? HIDDEN : printable(value),
      where: value === undefined ? 'unset' : whereIs(layers, path),
      doc,
    };
  });

function faultsOf(issue: z.core.$ZodIssue, layers: readonly Layer[], values: unknown): TapekeepError[] {
  const path = issue.path.filter(part => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') return issue.keys.map(name => unknownAt([...path, name], layers, values));
  const value = valueAt(values, path);
  const where = whereIs(layers, path);
  const allowed = allowedBy(issue) ?? aboutAt(path)?.allowed ?? sectionWords(path);
  if (value === undefined) return [fail('SETTING_MISSING', { where, key: keyOf(path), allowed })];
  return [fail('SETTING_INVALID', { where, key: keyOf(path), value: isHidden(path) ? HIDDEN : printable(value), allowed })];
}

function unknownAt(path: Path, layers: readonly Layer[], values: unknown): TapekeepError {
  const section = path.slice(0, -1);
  const names = namesAt(section).map(name => keyOf([...section, name]));
  const known = names.length > 0 ? names : [aboutAt(section)?.allowed ?? 'nothing'];
  return unknownKey(whereIs(layers, path), keyOf(path), valueAt(values, path), known);
}

const allowedBy = (issue: z.core.$ZodIssue): string | undefined =>
  issue.code === 'custom' && typeof issue.params?.allowed === 'string' ? issue.params.allowed : undefined;

const sectionWords = (path: Path): string => `a section with ${namesAt(path).join(', ')}`;

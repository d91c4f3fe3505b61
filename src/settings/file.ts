/** The text of a settings file as a layer. */
import { fail, type TapekeepError } from '../model/errors.js';
import { readYaml } from '../written/yaml.js';
import { isTree, type Layer } from './layer.js';

export const MOST_BYTES = 1_048_576;
const MOST_REPEATS = 100;

/** `name` is what messages call the file. */
export function fileLayer(name: string, text: string): Layer {
  const refuse = (line: number | null, reason: string, cause?: unknown): TapekeepError => unreadable(name, line, reason, cause);
  const { values, lineOf } = readYaml(text, { mostBytes: MOST_BYTES, mostRepeats: MOST_REPEATS, refuse });
  if (values !== null && !isTree(values)) throw refuse(1, 'it has to be keys with values');
  return { values: values ?? {}, where: path => `${name}:${lineOf(path)}` };
}

export const unreadable = (name: string, line: number | null, reason: string, cause?: unknown): TapekeepError =>
  fail('SETTINGS_UNREADABLE', { where: line === null ? name : `${name}:${line}`, reason }, cause);

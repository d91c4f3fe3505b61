/** A calendar file: YAML within bounds, with the line of every key. */
import { fail, type TapekeepError } from '../model/errors.js';
import { readYaml } from '../written/yaml.js';

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
  const refuse = (line: number | null, reason: string) => refused(file, line, reason);
  const { values, lineOf } = readYaml(text, { mostBytes: MOST_BYTES, refuse });
  return { file, values, lineOf, refuse: (path, reason) => refuse(lineOf(path), reason) };
}

export const refused = (file: string, line: number | null, reason: string, cause?: unknown): TapekeepError =>
  fail('CALENDAR_INVALID', { where: line === null ? file : `${file}:${line}`, reason }, cause);

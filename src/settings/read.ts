/** Reads the settings of this machine: finds the file, and makes relative paths whole. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { readText } from '../written/text.js';
import { MOST_BYTES, unreadable } from './file.js';
import { type Environment, FILE_VARIABLE, type Flags } from './given.js';
import { parseSettings, type Sources } from './parse.js';
import type { Settings } from './schema.js';
import { stateFolder } from './state-folder.js';

export interface Where {
  /** The settings file; one that is named has to exist. Else TAPEKEEP_CONFIG names it, else it is config/tapekeep.yaml if there is one. */
  readonly file?: string | undefined;
  readonly env: Environment;
  readonly flags?: Flags | undefined;
  /** The working folder: relative paths start here. */
  readonly folder: string;
}

export type ResolvedSettings = Settings & {
  readonly logs: Settings['logs'] & { readonly file: string };
  readonly budgets: { readonly folder: string };
};

const USUAL_FILE = join('config', 'tapekeep.yaml');
/** Beside the settings file, if it is there: which source is asked for what. */
const PROVIDERS_FILE = 'providers.yaml';

export const readSettings = (where: Where): ResolvedSettings => resolved(parseSettings(readSources(where)), where);

/** The files that are there: of settings, and of sources beside it. */
export function settingsFiles({ file, env, folder }: Where): { readonly file: string | undefined; readonly providers: string | undefined } {
  const named = file ?? (env[FILE_VARIABLE] === '' ? undefined : env[FILE_VARIABLE]);
  const path = resolve(folder, named ?? USUAL_FILE);
  const beside = join(dirname(path), PROVIDERS_FILE);
  return { file: named !== undefined || existsSync(path) ? path : undefined, providers: existsSync(beside) ? beside : undefined };
}

/** Gathers the layers without judging them, for `config check`. */
export function readSources(where: Where): Sources {
  const { file, providers } = settingsFiles(where);
  const { env, flags } = where;
  const sourceAt = (path: string) => ({
    name: shortName(where.folder, path),
    text: readText(path, MOST_BYTES, (line, reason, cause) => unreadable(path, line, reason, cause)),
  });
  return {
    providers: providers === undefined ? undefined : sourceAt(providers),
    file: file === undefined ? undefined : sourceAt(file),
    env,
    flags,
  };
}

const shortName = (folder: string, path: string): string => {
  const short = relative(folder, path);
  return short.startsWith('..') ? path : short;
};

/** The same settings with whole paths; the log lies in the data folder unless it was put elsewhere. */
export function resolved(settings: Settings, { env, folder }: Pick<Where, 'env' | 'folder'>): ResolvedSettings {
  const whole = (path: string) => resolve(folder, path.startsWith('~/') ? join(env.HOME ?? '~', path.slice(2)) : path);
  const data = whole(settings.data);
  const { cli, tls, ...temporal } = settings.temporal;
  // A bare name is a program to be found on the PATH.
  const program = cli?.includes('/') ? whole(cli) : cli;
  const placed = <S extends { readonly folder?: string | undefined }>(section: S): S =>
    section.folder === undefined ? section : { ...section, folder: whole(section.folder) };
  const { folder: calendars, overlay } = settings.calendars;
  return {
    ...settings,
    data,
    logs: {
      ...settings.logs,
      file: settings.logs.file === undefined ? join(data, '.tapekeep', 'log', 'tapekeep.log') : whole(settings.logs.file),
    },
    calendars: {
      ...(calendars === undefined ? {} : { folder: whole(calendars) }),
      ...(overlay === undefined ? {} : { overlay: whole(overlay) }),
    },
    ...(settings.legacy === undefined ? {} : { legacy: whole(settings.legacy) }),
    derived: placed(settings.derived),
    backup: placed(settings.backup),
    budgets: { folder: settings.budgets.folder === undefined ? join(stateFolder(env), 'budgets') : whole(settings.budgets.folder) },
    instruments: settings.instruments.file === undefined ? {} : { file: whole(settings.instruments.file) },
    temporal: { ...temporal, tls: wholeTls(tls, whole), ...(program !== undefined && { cli: program }) },
  };
}

function wholeTls({ ca, certificate, private: own, ...tls }: Settings['temporal']['tls'], whole: (path: string) => string) {
  return {
    ...tls,
    ...(ca !== undefined && { ca: whole(ca) }),
    ...(certificate !== undefined && { certificate: whole(certificate) }),
    ...(own !== undefined && { private: whole(own) }),
  };
}

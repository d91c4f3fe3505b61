/** Who else can read or change the files that settings and their secrets lie in. */
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { readText } from '../written/text.js';
import { fileLayer, MOST_BYTES, unreadable } from './file.js';
import { valueAt } from './layer.js';
import type { ResolvedSettings, Where } from './read.js';
import { settingsFiles } from './read.js';
import { isSecretName } from './secret.js';
import { keyOf, leaves } from './shape.js';

export interface Exposed {
  readonly found: string;
  readonly next: string;
}

const OTHERS_READ = 0o044;
const ANYBODY_WRITES = 0o002;

/** For settings that were read: none of the files is missing or wrong. Windows tells rights in another way, and is not asked. */
export function exposedFiles(where: Where, { temporal }: ResolvedSettings): Exposed[] {
  if (process.platform === 'win32') return [];
  const { file, providers } = settingsFiles(where);
  const written = [file, providers].filter(path => path !== undefined);
  const key = temporal.tls.private;
  return [
    ...written.flatMap(path => exposedIn(path, secretIn(path))),
    ...(key === undefined ? [] : exposedIn(key, 'the private part of a certificate')),
  ];
}

/** `secret`: what others should not read in it, in words. */
function exposedIn(path: string, secret: string | undefined): Exposed[] {
  const link = statOf(() => lstatSync(path));
  const file = statOf(() => statSync(path));
  if (!link || !file) return [];
  const found: Exposed[] = [];
  if (secret !== undefined && (file.mode & OTHERS_READ) !== 0)
    found.push({ found: `others can read ${path}, which holds ${secret}`, next: `chmod 600 ${path}` });
  if ((file.mode & ANYBODY_WRITES) !== 0 || isAnothers(file))
    found.push({ found: `another user can change ${path}`, next: `make it yours: chown it, and chmod 600 ${path}` });
  if (link.isSymbolicLink())
    found.push({
      found: `${path} is a link to ${realpathSync(path)}: who changes that changes these settings`,
      next: 'see that it is the file you mean',
    });
  return found;
}

function statOf(look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** Root may change anything anyhow. */
const isAnothers = ({ uid }: Stats): boolean => uid !== 0 && uid !== process.getuid?.();

/** The first secret that is written out, by its key and line. */
function secretIn(path: string): string | undefined {
  const { values, where } = fileLayer(
    path,
    readText(path, MOST_BYTES, (line, reason, cause) => unreadable(path, line, reason, cause)),
  );
  const key = leaves().find(({ path: at }) => {
    const value = isSecretName(String(at.at(-1))) ? valueAt(values, at) : undefined;
    return typeof value === 'string' && !value.startsWith('env:');
  });
  return key && `${keyOf(key.path)} (line ${where(key.path).split(':').at(-1)})`;
}

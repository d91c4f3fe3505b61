/** What an import names, looked at before anything is ordered: a slip of the hand is told once, and at once. */
import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail } from '../../model/errors.js';
import type { ImportOrder } from '../../model/import.js';
import { nearest } from '../../settings/near.js';
import type { ResolvedSettings } from '../../settings.js';
import { calendarsOf } from '../facts/calendars.js';
import { shortName } from './words.js';

export async function checkNamed(settings: ResolvedSettings, { paths, given, calendar }: ImportOrder): Promise<void> {
  for (const path of paths) check(path, 'there is no such file or folder');
  if (given.layout !== null) check(given.layout, 'there is no such layout');
  if (calendar !== null) (await calendarsOf(settings)).get(calendar);
}

function check(path: string, missing: string): void {
  if (isThere(path)) return;
  const meant = nearest(basename(path), namesIn(dirname(path)));
  const reason = meant === undefined ? missing : `${missing}; did you mean ${shortName(join(dirname(path), meant))}`;
  throw fail('IMPORT_UNREADABLE', { file: shortName(path), reason });
}

/** What this process may not look at, the daemon tells of. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

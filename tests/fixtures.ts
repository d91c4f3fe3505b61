/** Recorded answers of real sources. They belong to others: read where they lie, never copied. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(process.env.TAPEKEEP_FIXTURES ?? join('..', 'shared', 'fixtures'));

/** What to give a test as its `skip`: a reason where there are no fixtures, else false. */
export const noFixtures: string | false = existsSync(join(folder, 'README.md'))
  ? false
  : 'no recorded answers here: TAPEKEEP_FIXTURES names their folder';

/** The bytes of one, by its path below the folder of all. */
export const fixture = (path: string): Buffer => readFileSync(join(folder, path));

export const fixtureJson = (path: string): unknown => JSON.parse(fixture(path).toString('utf8'));

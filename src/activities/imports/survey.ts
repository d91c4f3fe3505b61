import { dialectsNamed, type Text, textsOf } from '../../imports/index.js';
import { fail } from '../../model/errors.js';
import type { ImportOrder } from '../../model/import.js';
import type { Note } from '../../model/load.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';

/** A text that is to be read, or a file of which none can be. */
export type Listed =
  | { readonly text: Text }
  | { readonly place: string; readonly error: { readonly code: string; readonly message: string } };

export interface ImportSurvey {
  readonly note: Note;
  readonly count: number;
  /** All together, as far as it is known without unpacking. */
  readonly bytes: number;
}

/** What became of more would not fit into one message of the server. */
const MOST_FILES = 10_000;

/** Finds the texts of an import: the files that are named, and what they pack. */
export const importSurvey =
  ({ store }: ActivityHouse) =>
  (order: ImportOrder): Promise<ImportSurvey> =>
    attempt(async () => {
      // A slip of the hand is told once, not of each file.
      dialectsNamed(order.given.dialect ?? undefined);
      // A dry run, too: the sweeper leaves alone what the catalog names.
      await store.recordLoad({ load: order.id, order });
      const { texts, faults } = await textsOf(order.paths);
      const listed: Listed[] = [
        ...faults.map(({ file, code, reason }) => ({ place: file, error: { code, message: reason } })),
        ...texts.map(text => ({ text })),
      ];
      if (listed.length > MOST_FILES)
        throw fail('USAGE', {
          reason: `these are ${listed.length} files, and one import takes ${MOST_FILES} at most: name its folders one by one. Nothing was written`,
        });
      return { note: await store.writeNote(order.id, listed), count: listed.length, bytes: texts.reduce((n, t) => n + t.bytes, 0) };
    });

const AT_ONCE = 100;

/** Some of them, from one on: the list of all may be too long for a history. */
export const importList =
  ({ store }: ActivityHouse) =>
  (order: ImportOrder, survey: Note, from: number): Promise<Listed[]> =>
    attempt(async () => (await store.readNote<Listed[]>(order.id, survey)).slice(from, from + AT_ONCE));

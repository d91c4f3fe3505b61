import { type Text, textsOf } from '../imports/index.js';
import type { ImportOrder } from '../model/import.js';
import type { Note } from '../model/load.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

export interface ImportSurvey {
  readonly note: Note;
  /** Where each text is found. */
  readonly places: readonly string[];
  /** How long each is, as far as it is known without unpacking. */
  readonly bytes: readonly number[];
  readonly faults: readonly { readonly file: string; readonly code: string; readonly reason: string }[];
}

/** Finds the texts of an import: the files that are named, and what they pack. */
export const importSurvey =
  ({ store }: ActivityHouse) =>
  (order: ImportOrder): Promise<ImportSurvey> =>
    attempt(async () => {
      // A dry run, too: the sweeper leaves alone what the catalog names.
      await store.recordLoad({ load: order.id, order });
      const { texts, faults } = await textsOf(order.paths);
      return {
        note: await store.writeNote(order.id, texts),
        places: texts.map((t: Text) => t.place),
        bytes: texts.map(t => t.bytes),
        faults,
      };
    });

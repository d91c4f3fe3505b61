import { gzipSync } from 'node:zlib';
import { type ImportedFile, type ImportOrder, type ImportTold, nothingOf, outcomeOf } from '../../model/import.js';
import type { Note } from '../../model/load.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import type { Listed } from './survey.js';

/** What became of some files, written down: the history of one run holds few. */
export const importKeep =
  ({ store }: ActivityHouse) =>
  (order: ImportOrder, files: readonly ImportedFile[]): Promise<Note> =>
    attempt(() => store.writeNote(order.id, files));

/** Texts of a survey that a cancel came before: those from one on. */
export interface NotBegun {
  readonly survey: Note;
  readonly from: number;
}

/** What became of all of them, as small as one message of the server has to be. */
export const importTell =
  ({ store }: ActivityHouse) =>
  (order: ImportOrder, notes: readonly Note[], notBegun?: NotBegun): Promise<ImportTold> =>
    attempt(async () => {
      const files: ImportedFile[] = [];
      for (const note of notes) files.push(...(await store.readNote<ImportedFile[]>(order.id, note)));
      if (notBegun) {
        const listed = await store.readNote<Listed[]>(order.id, notBegun.survey);
        for (const each of listed.slice(notBegun.from))
          files.push({ ...nothingOf('text' in each ? each.text.place : each.place), stoppedAt: 1 });
      }
      return { outcome: outcomeOf(files), files: [], packed: gzipSync(JSON.stringify(files)).toString('base64') };
    });

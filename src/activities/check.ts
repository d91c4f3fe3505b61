import { fail } from '../model/errors.js';
import type { CheckedFacts, LoadOrder } from '../model/load.js';
import { nameOf } from '../model/series.js';
import { isDamage } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** Reads again what is stored of the series, against the checksums of its log. Nothing is changed. */
export const check =
  ({ store }: ActivityHouse) =>
  ({ series }: LoadOrder): Promise<CheckedFacts> =>
    attempt(async () => {
      const table = await store.find(series);
      if (!table) return { files: 0, rows: 0 };
      const { files, flaws } = await store.verify(series);
      const [damage, ...more] = flaws.filter(isDamage);
      if (damage) {
        const others = more.length > 0 ? `, and ${more.length} more: tapekeep verify names them` : '';
        throw fail('FILE_DAMAGED', { file: damage.file ?? 'the log', series: nameOf(series), reason: `${damage.says}${others}` });
      }
      return { files, rows: [...table.snapshot.files.values()].reduce((n, f) => n + f.rows, 0) };
    });

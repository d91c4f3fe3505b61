import { columnsByName, columnsByShape } from '../columns.js';
import type { Dialect } from '../dialect.js';
import { nameSays } from '../names.js';

/** The History Center's files: date with dots, time, four prices and a count of ticks; some are saved again with a heading. */
export const metatrader4: Dialect = {
  name: 'metatrader4',
  about: 'bars exported from the History Center of MetaTrader 4',
  recognise(look) {
    const { heading, rows, name } = look;
    const [row] = rows;
    if (!/^\d{4}\.\d{2}\.\d{2}$/.test(row?.[0] ?? '') || !/^\d{2}:\d{2}$/.test(row?.[1] ?? '') || row?.length !== 7) return undefined;
    const columns = heading ? columnsByName(heading) : columnsByShape(look);
    if (!columns) return undefined;
    return {
      columns: { ...columns, time: [0, 1], doubts: [] },
      ...nameSays(name),
      order: 'ymd',
      stamp: 'open',
      evidence: [
        'dates with dots, a time of day, four prices and a count of ticks, as MetaTrader 4 writes them, which stamps the open by the time of its server',
      ],
    };
  },
};

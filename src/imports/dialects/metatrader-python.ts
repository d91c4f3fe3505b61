import { columnsByName } from '../columns.js';
import type { Dialect } from '../dialect.js';
import { nameSays } from '../names.js';
import { volumeTold } from './metatrader-volume.js';

/** What the Python package of MetaTrader 5 gives, saved as it is: two volumes, of ticks and of trades, and the spread. */
export const metatraderPython: Dialect = {
  name: 'metatrader-python',
  about: 'rates of the MetaTrader 5 package for Python, saved as CSV',
  recognise(look) {
    const { heading, name, rows } = look;
    if (!heading?.includes('tick_volume') || !heading.includes('spread')) return undefined;
    const columns = columnsByName(heading);
    if (!columns) return undefined;
    const { volume, words } = volumeTold(look, 'real_volume', 'tick_volume');
    // The package counts seconds by the clock of the server: only an offset of hours was put there by somebody who knew it.
    const hasOffset = rows.some(row => /[+-](?!00:?00$)\d{2}:?\d{2}$/.test(row[columns.time[0] as number] ?? ''));
    return {
      columns: { ...columns, values: { ...columns.values, volume } },
      ...nameSays(name),
      order: 'ymd',
      ...(hasOffset ? {} : { ofServer: true }),
      stamp: 'open',
      evidence: [
        'tick_volume and spread, as the MetaTrader package has them, which stamps the open by the time of the server, even where it says UTC',
        words,
      ],
    };
  },
};

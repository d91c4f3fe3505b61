import { columnsByName } from '../columns.js';
import type { Dialect } from '../dialect.js';
import { nameSays } from '../names.js';
import { volumeTold } from './metatrader-volume.js';

/** Terminal exports: tabs, headings in angle brackets, the server's own time. */
export const metatrader5: Dialect = {
  name: 'metatrader5',
  about: 'bars exported from a MetaTrader 5 terminal',
  recognise(look) {
    const { heading, name } = look;
    if (heading?.[0] !== '<DATE>' || !heading.includes('<TICKVOL>')) return undefined;
    const found = columnsByName(heading);
    if (!found) return undefined;
    const { volume, words } = volumeTold(look, '<VOL>', '<TICKVOL>');
    const { symbol } = nameSays(name);
    const timed = heading.includes('<TIME>');
    return {
      columns: { ...found, time: timed ? [0, 1] : [0], values: { ...found.values, volume } },
      ...(symbol ? { symbol } : {}),
      ...(timed ? {} : { timeframe: nameSays(name).timeframe ?? '1d' }),
      order: 'ymd',
      stamp: 'open',
      lastMayRun: true,
      evidence: ['headings in angle brackets, as MetaTrader 5 writes them, which stamps the open by the time of its server', words],
    };
  },
};

import { columnsByName, columnsByShape } from '../columns.js';
import type { Dialect } from '../dialect.js';
import { nameSays } from '../names.js';
import { toldByYfinance } from './yfinance.js';

/** Any file with a heading that names its columns. */
export const headed: Dialect = {
  name: 'generic',
  about: 'any file whose heading names time, open, high, low and close',
  recognise(look) {
    const { heading, name } = look;
    const columns = heading ? columnsByName(heading) : undefined;
    if (!columns || !heading) return undefined;
    const { evidence, doubts: more, ...told } = toldByYfinance(look);
    const adjusted = heading.find(name => /^adj/i.test(name.trim()));
    const doubts = adjusted
      ? [`it has a column ${adjusted}, which is left out: where such files come from, the others may be adjusted for splits, too`]
      : [];
    const stamped = heading[columns.time[0] as number] ?? '';
    return {
      columns: { ...columns, doubts: [...columns.doubts, ...doubts, ...more] },
      ...nameSays(name),
      ...told,
      ...(/utc|gmt/i.test(stamped) ? { zone: 'UTC' } : {}),
      evidence: [`its heading names the columns: ${heading.join(', ')}`, ...evidence],
    };
  },
};

/** Any file without a heading, by its shape. */
export const unheaded: Dialect = {
  name: 'generic-unheaded',
  about: 'any file without a heading: a time, four prices and a volume',
  recognise(look) {
    const columns = look.heading ? undefined : columnsByShape(look);
    return columns && { columns, ...nameSays(look.name), evidence: ['each row has a time, four prices and a volume'] };
  },
};

import { columnsByName } from '../columns.js';
import type { Dialect } from '../dialect.js';
import type { Look } from '../look.js';

/** A link on the first line; two volumes, of the coin and of the money, whose order was not always that of the heading. */
export const cryptoDataDownload: Dialect = {
  name: 'cryptodatadownload',
  about: 'a file of CryptoDataDownload',
  recognise(look) {
    const { heading, before, rows, name } = look;
    const linked = before.some(line => /cryptodatadownload/i.test(line));
    const shaped = !heading && /^\d{10}/.test(rows[0]?.[0] ?? '') && /^[A-Z]+\/[A-Z]+$/.test(rows[0]?.[2] ?? '');
    const headed = heading?.[0]?.toLowerCase() === 'unix' && heading.some(h => /^volume /i.test(h));
    if (!linked && !shaped && !headed) return undefined;
    const found = heading ? columnsByName(heading) : bare;
    if (!found) return undefined;
    const volumes = heading ? heading.flatMap((h, i) => (/^volume /i.test(h) ? [i] : [])) : [7, 8];
    const [coin = 7, money = 8] = inOrder(look, volumes);
    const pair = rows[0]?.[found.symbol ?? 2];
    return {
      columns: { ...found, values: { ...found.values, volume: coin, turnover: money } },
      ...(pair ? { symbol: pair.replace('/', '') } : {}),
      ...(/_d[.-]/.test(name) ? { timeframe: '1d' } : /_?1h/.test(name) ? { timeframe: '1h' } : {}),
      zone: 'UTC',
      stamp: 'open',
      evidence: [
        linked
          ? 'its first line is a link to CryptoDataDownload'
          : 'seconds, a date, a pair and two volumes, as CryptoDataDownload has them',
        `column ${coin + 1} is the volume: times the price it comes to column ${money + 1}`,
      ],
    };
  },
};

const bare = { time: [0], values: { open: 3, high: 4, low: 5, close: 6 }, symbol: 2, doubts: [] } as const;

/** The volume of the coin times the price is about that of the money; where it is the other way round, they are swapped. */
function inOrder({ rows }: Look, [a = 7, b = 8]: readonly number[]): readonly number[] {
  const closes = rows.map(row => Number(row[6])).filter(Number.isFinite);
  const swapped = rows.filter((row, i) => Number(row[a]) > Number(row[b]) && (closes[i] ?? 0) > 1).length;
  return swapped > rows.length / 2 ? [b, a] : [a, b];
}

/** A coin's symbol as a pair with a sign between, where its form tells the two apart. */
import { fail } from '../../model/errors.js';
import { classify, type Instruments } from '../../model/instruments.js';

/** BTCUSDT as BTC/USDT. A doubt is refused: the wrong cut would be another market. */
export function pairOf(symbol: string, instruments: Instruments): string {
  if (/^[^/]+\/[^/]+$/.test(symbol)) return symbol;
  const cuts = classify(symbol, instruments)
    .readings.map(r => r.instrument)
    .filter(i => i.assetClass === 'crypto' && i.currency)
    .flatMap(({ currency }) => {
      const plain = symbol.replace(/[-_]/, '');
      const base = plain.slice(0, -(currency as string).length);
      return plain.endsWith(currency as string) && base !== '' ? [`${base}/${currency}`] : [];
    });
  const [pair, ...others] = new Set(cuts);
  if (pair && others.length === 0) return pair;
  const among = pair ? ` It could be ${[pair, ...others].join(' or ')}.` : '';
  throw fail('USAGE', { reason: `where ${symbol} is cut into a pair is not certain.${among} Say it with --pair; nothing was done` });
}

/** Pairs of coins, with a sign between (BTC-USD, BTC/USDT) or without (ETHBTC), and single coins. */
import { COIN_QUOTES, COINS, FIAT, METALS, STABLE } from './markets.js';
import type { Found } from './rules.js';

interface Pair {
  readonly base: string;
  readonly quote: string;
}

const QUOTES: readonly string[] = [...STABLE, ...FIAT, ...COIN_QUOTES];

export function cryptoRule(symbol: string): readonly Found[] {
  const plain = symbol.replace(/^X:/, '');
  const parted = /^([A-Z0-9]{1,12})[-/_]([A-Z]{3,5})$/.exec(plain);
  if (parted) {
    const pair = { base: parted[1] as string, quote: parted[2] as string };
    return QUOTES.includes(pair.quote) && !isMoney(pair) ? [asFound(pair, true, `a pair, ${pair.base} in ${pair.quote}`)] : [];
  }
  if (!/^[A-Z0-9]{2,20}$/.test(plain)) return [];
  if (COINS.has(plain) && plain === symbol)
    return [{ ...asFound({ base: plain, quote: '' }, false, 'a coin, but in which currency is not said'), currency: null, providers: {} }];
  return joined(plain);
}

/** Money against money is no business of coins. */
const isMoney = ({ base, quote }: Pair): boolean => (FIAT.has(base) || METALS.has(base)) && FIAT.has(quote);

/** A pair without a sign may be cut in two places (BNBUSD: BNB in USD, or BN in BUSD): a known coin decides. */
function joined(symbol: string): Found[] {
  const cuts = QUOTES.filter(quote => symbol.endsWith(quote) && symbol.length > quote.length)
    .map(quote => ({ base: symbol.slice(0, -quote.length), quote }))
    .filter(pair => !isMoney(pair));
  const known = cuts.filter(({ base, quote }) => COINS.has(base) || (FIAT.has(base) && STABLE.has(quote)));
  if (known.length > 0) return known.map(pair => asFound(pair, true, `a pair, the coin ${pair.base} in ${pair.quote}`));
  return cuts
    .filter(({ base }) => base.length >= 2 && symbol.length >= 6)
    .map(pair => {
      const sure = STABLE.has(pair.quote) && cuts.length === 1;
      return asFound(pair, sure, `it ends in ${pair.quote}, as pairs of coins do; the coin ${pair.base} is not among those known here`);
    });
}

function asFound({ base, quote }: Pair, sure: boolean, evidence: string): Found {
  const fiat = FIAT.has(quote);
  const joint = `${base}${quote}`;
  const providers = {
    ...(fiat ? { yahoo: `${base}-${quote}`, polygon: `X:${joint}` } : { binance: joint }),
    tiingo: joint.toLowerCase(),
    alpaca: `${base}/${quote}`,
  };
  return { symbol: joint, assetClass: 'crypto', calendar: 'CRYPTO', currency: quote, tick: null, providers, sure, evidence };
}

/** What symbols are recognised by: endings of stock exchanges, currencies, coins, roots of futures, indices. */

export interface Market {
  readonly name: string;
  /** Null: there is no calendar for it yet. */
  readonly calendar: string | null;
  readonly currency: string;
}

const market = (name: string, calendar: string | null, currency: string): Market => ({ name, calendar, currency });

/** Endings as Yahoo and those who follow it write them. */
export const SUFFIXES: Readonly<Record<string, Market>> = {
  L: market('London', 'XLON', 'GBX'),
  DE: market('Xetra', 'XETR', 'EUR'),
  F: market('Frankfurt', 'XFRA', 'EUR'),
  T: market('Tokyo', 'XTKS', 'JPY'),
  HK: market('Hong Kong', 'XHKG', 'HKD'),
  TO: market('Toronto', 'XTSE', 'CAD'),
  V: market('TSX Venture', 'XTSE', 'CAD'),
  AX: market('Sydney', 'XASX', 'AUD'),
  PA: market('Paris', null, 'EUR'),
  AS: market('Amsterdam', null, 'EUR'),
  BR: market('Brussels', null, 'EUR'),
  LS: market('Lisbon', null, 'EUR'),
  MI: market('Milan', null, 'EUR'),
  MC: market('Madrid', null, 'EUR'),
  VI: market('Vienna', null, 'EUR'),
  HE: market('Helsinki', null, 'EUR'),
  IR: market('Dublin', null, 'EUR'),
  SW: market('Zurich', null, 'CHF'),
  ST: market('Stockholm', null, 'SEK'),
  CO: market('Copenhagen', null, 'DKK'),
  OL: market('Oslo', null, 'NOK'),
  WA: market('Warsaw', null, 'PLN'),
  IS: market('Istanbul', null, 'TRY'),
  TA: market('Tel Aviv', null, 'ILA'),
  JO: market('Johannesburg', null, 'ZAC'),
  SS: market('Shanghai', null, 'CNY'),
  SZ: market('Shenzhen', null, 'CNY'),
  TW: market('Taipei', null, 'TWD'),
  KS: market('Seoul', null, 'KRW'),
  KQ: market('KOSDAQ', null, 'KRW'),
  NS: market('the National Stock Exchange of India', null, 'INR'),
  BO: market('Mumbai', null, 'INR'),
  SI: market('Singapore', null, 'SGD'),
  NZ: market('Wellington', null, 'NZD'),
  SA: market('São Paulo', null, 'BRL'),
  MX: market('Mexico City', null, 'MXN'),
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const FIAT = words(
  'USD EUR GBP JPY CHF AUD CAD NZD SEK NOK DKK PLN CZK HUF TRY ZAR MXN BRL CNY CNH HKD SGD KRW INR THB ILS RUB RON IDR PHP TWD',
);

export const METALS = words('XAU XAG XPT XPD');

export const STABLE = words('USDT USDC BUSD FDUSD TUSD DAI USDP');

/** Coins that others are priced in. */
export const COIN_QUOTES = words('BTC ETH BNB');

export const COINS = words(
  'BTC XBT ETH BNB XRP SOL ADA DOGE TRX DOT AVAX LINK LTC BCH XLM XMR ETC ATOM UNI NEAR APT ARB OP FIL ICP HBAR VET ALGO AAVE MKR SHIB PEPE SUI TON MATIC POL EOS XTZ ZEC DASH NEO IOTA SAND MANA GRT INJ RUNE FTM STX IMX LDO CRV SNX COMP YFI SUSHI 1INCH USDT USDC BUSD FDUSD TUSD DAI',
);

export interface Root {
  readonly name: string;
  readonly calendar: string | null;
  readonly tick: number | null;
}

const root = (name: string, calendar: string | null, tick: number | null): Root => ({ name, calendar, tick });

/** Roots of futures, all priced in US dollars. */
export const ROOTS: Readonly<Record<string, Root>> = {
  ES: root('E-mini S&P 500', 'CMES', 0.25),
  NQ: root('E-mini Nasdaq 100', 'CMES', 0.25),
  RTY: root('E-mini Russell 2000', 'CMES', 0.1),
  YM: root('E-mini Dow', 'CMES', 1),
  MES: root('Micro E-mini S&P 500', 'CMES', 0.25),
  MNQ: root('Micro E-mini Nasdaq 100', 'CMES', 0.25),
  '6E': root('euro', 'CME_FX', 0.00005),
  '6J': root('yen', 'CME_FX', null),
  '6B': root('pound', 'CME_FX', null),
  '6A': root('Australian dollar', 'CME_FX', null),
  '6C': root('Canadian dollar', 'CME_FX', null),
  '6S': root('Swiss franc', 'CME_FX', null),
  BTC: root('CME bitcoin', 'CME_CRYPTO', 5),
  ETH: root('CME ether', 'CME_CRYPTO', null),
  MBT: root('CME micro bitcoin', 'CME_CRYPTO', 5),
  MET: root('CME micro ether', 'CME_CRYPTO', null),
  CL: root('crude oil', null, 0.01),
  NG: root('natural gas', null, 0.001),
  GC: root('gold', null, 0.1),
  SI: root('silver', null, 0.005),
  HG: root('copper', null, 0.0005),
  ZN: root('10-year note', null, 0.015625),
  ZB: root('Treasury bond', null, 0.03125),
  ZC: root('corn', null, 0.25),
  ZS: root('soybeans', null, 0.25),
  ZW: root('wheat', null, 0.25),
};

/** Indices and the market whose hours they keep. */
export const INDICES: Readonly<Record<string, Market>> = {
  GSPC: market('S&P 500', 'XNYS', 'USD'),
  SPX: market('S&P 500', 'XNYS', 'USD'),
  DJI: market('Dow Jones Industrial Average', 'XNYS', 'USD'),
  IXIC: market('Nasdaq Composite', 'XNYS', 'USD'),
  NDX: market('Nasdaq 100', 'XNYS', 'USD'),
  RUT: market('Russell 2000', 'XNYS', 'USD'),
  FTSE: market('FTSE 100', 'XLON', 'GBP'),
  GDAXI: market('DAX', 'XETR', 'EUR'),
  N225: market('Nikkei 225', 'XTKS', 'JPY'),
  HSI: market('Hang Seng', 'XHKG', 'HKD'),
  GSPTSE: market('S&P/TSX Composite', 'XTSE', 'CAD'),
  AXJO: market('S&P/ASX 200', 'XASX', 'AUD'),
  AORD: market('All Ordinaries', 'XASX', 'AUD'),
};

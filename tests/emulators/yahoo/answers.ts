/** Yahoo's charts out of bars: single precision, divided by every split up to now, nulls where nobody traded. */
import type { Bars } from '../../../src/model/bars.js';

export interface Split {
  readonly at: number;
  readonly numerator: number;
  readonly denominator: number;
}

export interface Share {
  readonly symbol: string;
  /** EQUITY, CRYPTOCURRENCY, CURRENCY … */
  readonly kind: string;
  readonly currency: string;
  readonly zone: string;
  /** In ms; the first bar there is. */
  readonly first: number;
  readonly splits: readonly Split[];
  readonly dividends: readonly { readonly at: number; readonly amount: number }[];
}

/** One row as it is sent: a time in ms and the bar of it, if somebody traded. */
export interface Row {
  readonly at: number;
  readonly bar: number | null;
}

export interface Moment {
  /** The last trade, in ms. */
  readonly lastTrade: number;
  readonly session: { readonly from: number; readonly to: number };
}

const seconds = (ms: number): number => Math.floor(ms / 1_000);

const dividedBy = ({ splits }: Share, at: number, now: number): number =>
  splits.reduce((ratio, split) => (at < split.at && split.at <= now ? (ratio * split.numerator) / split.denominator : ratio), 1);

export function chartAnswer(
  share: Share,
  interval: string,
  bars: Bars,
  rows: readonly Row[],
  events: { from: number; to: number },
  now: number,
  moment: Moment,
): object {
  const column = (value: 'open' | 'high' | 'low' | 'close') =>
    rows.map(({ at, bar }) => (bar === null ? null : Math.fround((bars[value][bar] as number) / dividedBy(share, at, now))));
  const volume = rows.map(({ at, bar }) => (bar === null ? null : Math.round((bars.volume[bar] as number) * dividedBy(share, at, now))));
  const quote = { open: column('open'), high: column('high'), low: column('low'), close: column('close'), volume };
  const told = eventsIn(share, events);
  return {
    chart: {
      result: [
        {
          meta: metaOf(share, interval, moment),
          ...(rows.length === 0 ? {} : { timestamp: rows.map(({ at }) => seconds(at)) }),
          ...(told && { events: told }),
          indicators: {
            quote: [rows.length === 0 ? {} : quote],
            ...(isDaily(interval) && rows.length > 0 && { adjclose: [{ adjclose: quote.close }] }),
          },
        },
      ],
      error: null,
    },
  };
}

const isDaily = (interval: string): boolean => /^\d+(d|wk|mo)$/.test(interval);

const metaOf = (share: Share, interval: string, { lastTrade, session }: Moment): object => ({
  currency: share.currency,
  symbol: share.symbol,
  exchangeName: 'NMS',
  fullExchangeName: 'NasdaqGS',
  instrumentType: share.kind,
  firstTradeDate: seconds(share.first),
  regularMarketTime: seconds(lastTrade),
  hasPrePostMarketData: true,
  gmtoffset: 0,
  timezone: 'UTC',
  exchangeTimezoneName: share.zone,
  regularMarketPrice: 1.5,
  fiftyTwoWeekHigh: 2.5,
  fiftyTwoWeekLow: 0.5,
  regularMarketDayHigh: 1.5,
  regularMarketDayLow: 1.5,
  regularMarketVolume: 100,
  longName: `${share.symbol} Inc.`,
  shortName: share.symbol,
  chartPreviousClose: 1.5,
  ...(isDaily(interval) ? {} : { previousClose: 1.5, scale: 3 }),
  priceHint: 2,
  currentTradingPeriod: {
    pre: period(session.from, session.from),
    regular: period(session.from, session.to),
    post: period(session.to, session.to),
  },
  dataGranularity: interval,
  range: '',
  validRanges: ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max'],
});

const period = (from: number, to: number): object => ({ timezone: 'UTC', start: seconds(from), end: seconds(to), gmtoffset: 0 });

function eventsIn({ splits, dividends }: Share, { from, to }: { from: number; to: number }): object | undefined {
  const within = <E extends { readonly at: number }>(events: readonly E[]) => events.filter(({ at }) => at >= from && at <= to);
  const keyed = (events: readonly { date: number }[]) => Object.fromEntries(events.map(event => [String(event.date), event]));
  const s = within(splits).map(({ at, numerator, denominator }) => ({
    date: seconds(at),
    numerator,
    denominator,
    splitRatio: `${numerator}:${denominator}`,
  }));
  const d = within(dividends).map(({ at, amount }) => ({ amount, date: seconds(at) }));
  if (s.length + d.length === 0) return undefined;
  return { ...(d.length > 0 && { dividends: keyed(d) }), ...(s.length > 0 && { splits: keyed(s) }) };
}

export const refusal = (code: string, description: string): object => ({ chart: { result: null, error: { code, description } } });

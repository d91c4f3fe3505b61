/** What the steps of a load need of the world; made by the worker, or by a test. */
import type { Calendar } from '../model/calendar.js';
import type { Instruments } from '../model/instruments.js';
import type { LoadOrder } from '../model/load.js';
import type { Rules } from '../model/provider-rules.js';
import type { Series } from '../model/series.js';
import type { Timeframe } from '../model/timeframe.js';
import type { AccountFacts } from '../providers/http/index.js';
import type { Providers } from '../providers/index.js';
import type { Listing } from '../providers/provider.js';
import type { Store } from '../store/index.js';
import type { Health } from './sources/health.js';
import type { Standing } from './sources/standing.js';

export interface ActivityHouse {
  readonly store: Store;
  readonly providers: Providers;
  /** The calendar by which the series of an order is expected. */
  readonly calendarOf: (order: Pick<LoadOrder, 'series' | 'provider' | 'calendar'>) => Calendar;
  readonly instruments: Instruments;
  readonly now: () => number;
  readonly pagesPerSegment: number;
  /** For how many sessions after its own a bar is read again; 0: never. */
  readonly revisedSessions: number;
  /** The folder of an older collection: a series that is met for the first time is looked for there. */
  readonly legacy?: string;
  /** What the settings say of sources: who is asked for what, whose key is there (null: none is needed), which plan. */
  readonly sources: {
    readonly rules: Rules;
    readonly hasKey: (provider: string) => boolean | null;
    readonly planOf: (provider: string) => string | null;
    readonly accountOf: (provider: string) => AccountFacts;
  };
  /** By the settings: the timeframes that are made of this series. */
  readonly derivedKept?: (series: Series) => readonly Timeframe[];
  readonly health: Health;
  /** What the settings ask to be loaded; absent: nothing. */
  readonly standing?: Standing;
  /** One line for the log; absent: nobody listens. */
  readonly tell?: (what: string, facts: Readonly<Record<string, unknown>>) => void;
  /** What providers told of their symbols: asked once by each worker. */
  readonly listings: Map<string, Listing>;
}

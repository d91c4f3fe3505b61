/** What a person says of a file, and what a person is asked. */
import type { Timeframe } from '../../model/timeframe.js';
import type { Recognised } from '../dialect.js';
import type { DateOrder, Stamping } from '../layout.js';

/** What a person says of the file; it is never doubted, but for a length of bars that its rows cannot have. */
export interface Given {
  readonly dialect?: string;
  readonly symbol?: string;
  readonly timeframe?: Timeframe;
  readonly zone?: string;
  readonly stamp?: Stamping['stamp'];
  readonly order?: DateOrder;
  readonly decimal?: '.' | ',';
  /** A layout of one's own takes the place of any dialect. */
  readonly layout?: (heading: readonly string[] | null) => Recognised & { readonly name: string };
}

export interface Question {
  readonly about: 'symbol' | 'timeframe' | 'zone' | 'stamp' | 'date order' | 'decimal' | 'calendar';
  /** What it can be; empty: anything. */
  readonly options: readonly string[];
  readonly says: string;
}

import type { LoadOrder } from '../../model/load.js';
import type { SeriesName } from '../../model/schedule.js';
import type { AssetClass, Series } from '../../model/series.js';

/** A series by its name, with what a watchlist says of it. */
export interface Listed extends SeriesName {
  readonly assetClass?: AssetClass;
  readonly calendar?: string;
  readonly provider?: string;
  readonly from?: number;
}

/** The loads that the settings ask for, and how others are made as they would be. Their ids are given when they are due. */
export interface Standing {
  kept(): readonly LoadOrder[];
  /** Undefined: there is no watchlist of that name. */
  listed(watchlist: string): readonly Listed[] | undefined;
  orderOf(series: Series, provider: string, calendar: string | null): LoadOrder;
}

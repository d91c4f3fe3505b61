import type { LoadOrder } from '../model/load.js';
import type { Series } from '../model/series.js';

/** The loads that the settings ask for, and how others are made as they would be. Their ids are given when they are due. */
export interface Standing {
  kept(): readonly LoadOrder[];
  orderOf(series: Series, provider: string, calendar: string | null): LoadOrder;
}

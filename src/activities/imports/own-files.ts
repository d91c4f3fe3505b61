/** What imports and migrations share: files of somebody's own, and the series that their bars go into. */
import type { Calendar } from '../../model/calendar.js';
import { type Basis, rawBasisOf, type Series } from '../../model/series.js';
import { basisFor } from '../../providers/basis.js';
import type { ActivityHouse } from '../house.js';

/** Whose hours are assumed where no provider is named. */
const ASSUMED_PROVIDER = 'simulated';

/** The calendar of their bars: that of a load from the provider whose kind of bars they are. */
export const calendarOfOwn = (house: ActivityHouse, provider: string | null, series: Series, calendar: string | null): Calendar =>
  house.calendarOf({ series, provider: provider ?? ASSUMED_PROVIDER, ...(calendar === null ? {} : { calendar }) });

/** As the provider's that will go on with the series; else raw trades. */
export const basisOfOwn = ({ providers }: ActivityHouse, provider: string | null, series: Series): Basis =>
  provider === null ? rawBasisOf(series.assetClass) : basisFor(providers.get(provider).serves, series);

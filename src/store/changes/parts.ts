/** What a kind of change has to say for itself. */
import type { ChangeOrder, ChangeWish } from '../../model/change.js';
import type { Market } from '../../model/market.js';
import type { House } from '../house.js';
import type { Lineage } from '../log/entry.js';
import type { Proposal } from '../proposal.js';
import type { Table } from '../table.js';

/** What one kind of change says of the new version; all else stays as it is. */
export type Parts = Partial<
  Pick<
    Proposal,
    'merged' | 'back' | 'removes' | 'lost' | 'corrections' | 'rearranges' | 'answered' | 'holdings' | 'configuration' | 'quality'
  >
> & { readonly lineage?: Partial<Lineage> };

/** Builds the parts of one kind on the newest version of the table. Files it makes lie in the order's own staging folder. */
export type Builder<W extends ChangeWish> = (
  house: House,
  table: Table,
  order: ChangeOrder & { readonly change: W },
  market?: Market,
) => Promise<Parts>;

export type { BackedSeries, BackupReport } from '../model/backup.js';
export type { Bars, Column } from '../model/bars.js';
export type { ChangeReport, ChangeWish } from '../model/change.js';
export { type ErrorCode, TapekeepError } from '../model/errors.js';
export type { Adjustment, MarketEvent } from '../model/events.js';
export type { EventsReport } from '../model/events-order.js';
export type { LoadReport, Mode } from '../model/load.js';
export type { ManyGlance, ManyReport, ManyRow, ManyStatus } from '../model/load-many.js';
export type { MigratedSeries, MigrateReport } from '../model/migrate.js';
export type { OpinionReport, OpinionRow } from '../model/opinion.js';
export type { Progress } from '../model/progress.js';
export type { Series } from '../model/series.js';
export type { AsideBars, AsideFile, Difference, Flaw, Preview, Verified } from '../store/index.js';
export type { Exported, ExportRequest } from './export/export.js';
export type { AnyNamed, Named } from './facts/catalog.js';
export type { GapReport } from './gaps/gaps.js';
export type { CompareRequest, ReverifyRequest } from './jobs/opinion.js';
export type { Repaired } from './jobs/repair.js';
export { open, Tapekeep } from './library.js';
export type { LoadFilter } from './loads/list.js';
export type { ManyEntry, TurnedMany } from './loads/many-loads.js';
export type { LoadRow } from './loads/row.js';
export type { Turned } from './loads/turning.js';
export type { QualityReport } from './quality/quality.js';
export type {
  Follow,
  GetOptions,
  IterateOptions,
  Loaded,
  LoadRequest,
  Moment,
  OpenOptions,
  Outcome,
  Planned,
  ReadOptions,
  Within,
} from './requests.js';
export type { ScheduleBook, ScheduleRequest } from './schedules/requests.js';
export type { ScheduleRow, TickRow } from './schedules/row.js';
export type { Revision } from './stored/changed.js';
export type { Held } from './stored/inventory.js';
export type { Line } from './story/line.js';

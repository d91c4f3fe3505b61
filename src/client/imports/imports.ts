/** Ordering an import. */
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ulid } from 'ulid';
import { isZone } from '../../model/calendar.js';
import { fail, isTapekeepError } from '../../model/errors.js';
import type { ImportGiven, ImportOrder, ImportReport, ImportTold } from '../../model/import.js';
import { jobOfImport } from '../../model/import-order.js';
import type { Job } from '../../model/job.js';
import { ASSET_CLASSES, type AssetClass } from '../../model/series.js';
import { parseTimeframe } from '../../model/timeframe.js';
import { nearest } from '../../settings/near.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Reach } from '../engine/reach.js';
import { type FollowJob, followJob } from '../jobs/job.js';

export interface ImportRequest {
  /** The kind of file: tradingview, ninjatrader, metatrader5 …; unset, it is recognised. */
  readonly dialect?: string;
  readonly symbol?: string;
  readonly timeframe?: string;
  /** Of stamps without an offset: UTC, America/Chicago, America/New_York+7 … */
  readonly zone?: string;
  /** Whether a stamp names the open of a bar or its close. */
  readonly stamp?: string;
  /** How dates in digits are written: ymd, dmy, mdy. */
  readonly order?: string;
  readonly decimal?: string;
  /** A file that describes the layout in YAML. */
  readonly layout?: string;
  readonly assetClass?: string;
  readonly calendar?: string;
  readonly dataset?: string;
  /** Whose kind of prices these are: the provider that will go on with the series. */
  readonly provider?: string;
  /** What a row does that says otherwise than the stored bar: keep (the bar stays, the row is set aside) or replace. */
  readonly overlap?: string;
  readonly keepLast?: boolean;
  readonly again?: boolean;
  readonly dryRun?: boolean;
}

/** Measured: twice as many take 60 MB more of a frame child, and are hardly quicker. */
export const MOST_STRETCH = 500_000;

export function importJob(settings: ResolvedSettings, paths: readonly string[], request: ImportRequest, by: string): Job<ImportOrder> {
  const { provider = null } = request;
  const known = Object.keys(settings.providers);
  if (provider !== null && !known.includes(provider)) throw fail('PROVIDER_UNKNOWN', { provider, known: known.join(', ') });
  return jobOfImport({
    job: 'import',
    id: ulid(),
    paths: paths.map(path => resolve(path)),
    given: givenOf(request),
    dataset: request.dataset ?? 'main',
    assetClass: classOf(request),
    calendar: request.calendar ?? null,
    provider,
    overlap: oneOf('overlap', request.overlap, ['keep', 'replace']) ?? 'keep',
    keepLast: request.keepLast ?? false,
    again: request.again ?? false,
    dryRun: request.dryRun ?? false,
    by,
    batchBars: Math.min(settings.worker.batchBars, MOST_STRETCH),
    silenceMs: settings.worker.silenceMs,
  });
}

/** Resolves when it is over; cancelled, with what was kept and where it stopped. */
export async function followImport(reach: Reach, job: Job<ImportOrder>, follow: FollowJob): Promise<ImportReport> {
  try {
    return unpacked(await followJob(reach, job, follow));
  } catch (error) {
    if (!isTapekeepError(error, 'LOAD_CANCELLED')) throw error;
    const asked = reach.connect('find').then(engine => engine.jobs.report<ImportReport & ImportTold>(job));
    const report = await asked.catch(() => undefined);
    if (!report) throw error;
    return unpacked(report);
  }
}

const MOST_REPORT_BYTES = 1 << 28;

export function unpacked({ packed, ...report }: ImportReport & ImportTold): ImportReport {
  if (packed === undefined) return report;
  return { ...report, files: JSON.parse(gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_REPORT_BYTES }).toString()) };
}

/** What a person says of the files; what cannot be is refused before anything is ordered. */
export function givenOf({ dialect, symbol, timeframe, zone, stamp, order, decimal, layout }: ImportRequest): ImportGiven {
  checkZone(zone);
  return {
    dialect: dialect ?? null,
    symbol: symbol ?? null,
    timeframe: timeframe === undefined ? null : parseTimeframe(timeframe),
    zone: zone ?? null,
    stamp: oneOf('stamp', stamp, ['open', 'close']),
    order: oneOf('order', order, ['ymd', 'dmy', 'mdy']),
    decimal: oneOf('decimal', decimal, ['.', ',']),
    layout: layout === undefined ? null : resolve(layout),
  };
}

function checkZone(zone: string | undefined): void {
  const name = zone?.replace(/[+-]\d{1,2}$/, '');
  if (name === undefined || isZone(name)) return;
  const zones = Intl.supportedValuesOf('timeZone');
  const meant = zones.find(z => z.toLowerCase().endsWith(`/${name.toLowerCase()}`)) ?? nearest(name, zones);
  const says = `the zone is one as UTC, America/Chicago or America/New_York+7, not ${JSON.stringify(zone)}`;
  throw fail('USAGE', {
    reason: `${says}${meant === undefined ? '' : ` (did you mean ${meant}${zone?.slice(name.length)}?)`}. Nothing was done`,
  });
}

export const classOf = ({ assetClass }: ImportRequest): AssetClass | null => oneOf<AssetClass>('class', assetClass, ASSET_CLASSES);

function oneOf<T extends string>(what: string, said: string | undefined, all: readonly T[]): T | null {
  if (said === undefined) return null;
  const found = all.find(each => each === said);
  if (found === undefined)
    throw fail('USAGE', { reason: `the ${what} is one of ${all.join(', ')}, not ${JSON.stringify(said)}. Nothing was done` });
  return found;
}

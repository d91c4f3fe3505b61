/** What a `YYYY.metadata.json` tells of the file beside it. Fields that are not known are passed by. */
import { readFile, stat } from 'node:fs/promises';
import { isZone } from '../../model/calendar.js';

export interface LegacyMetadata {
  readonly source: string | null;
  readonly zone: string | null;
  /** Its prices were adjusted: they are no raw prices. */
  readonly adjusted: boolean;
}

const NONE: LegacyMetadata = { source: null, zone: null, adjusted: false };
const LARGEST = 1 << 20;

export async function readMetadata(file: string | null): Promise<LegacyMetadata> {
  if (file === null || (await stat(file)).size > LARGEST) return NONE;
  let told: unknown;
  try {
    told = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return NONE;
  }
  if (typeof told !== 'object' || told === null) return NONE;
  const fields = told as Readonly<Record<string, unknown>>;
  const text = (...names: readonly string[]): string | null => {
    const value = names.map(name => fields[name]).find(v => typeof v === 'string' && /^[^\p{C}]{1,64}$/u.test(v));
    return (value as string | undefined) ?? null;
  };
  const zone = text('timezone', 'tz', 'time_zone');
  const adjustment = text('adjustment', 'adjusted');
  return {
    source: text('source', 'provider', 'data_source', 'vendor'),
    zone: zone !== null && isZone(zone) ? zone : null,
    adjusted: fields.adjusted === true || (adjustment !== null && !/^(raw|none|false|no|unadjusted)$/i.test(adjustment)),
  };
}

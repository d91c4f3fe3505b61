/** How a command ends. docs/errors.md shows the same table, and so does --help. */
import type { ErrorCode } from '../model/errors.js';
import { errors } from '../model/errors.js';

export const EXITS = {
  done: 0,
  failed: 1,
  usage: 2,
  missing: 3,
  damaged: 4,
  later: 5,
  partial: 6,
  differs: 7,
  cancelled: 130,
} as const;
export type Exit = keyof typeof EXITS;

export const MEANING: Readonly<Record<Exit, string>> = {
  done: 'done',
  failed: 'failed, and trying again will not help',
  usage: 'the command line or a setting is wrong; nothing was done',
  missing: 'what was asked for is not there',
  damaged: 'something stored is damaged, or newer than this program',
  later: 'failed for now; trying again can help',
  partial: 'done in part: some bars are still missing',
  differs: 'done, and the two that were compared differ',
  cancelled: 'cancelled; what was finished is kept',
};

const BY_CODE: Partial<Record<ErrorCode, Exit>> = {
  USAGE: 'usage',
  SETTING_INVALID: 'usage',
  SETTING_UNKNOWN: 'usage',
  SETTING_MISSING: 'usage',
  SETTINGS_UNREADABLE: 'usage',
  CALENDAR_INVALID: 'usage',
  CALENDAR_UNKNOWN: 'usage',
  INSTRUMENTS_INVALID: 'usage',
  SYMBOL_INVALID: 'usage',
  TIMEFRAME_UNKNOWN: 'usage',
  INTERVAL_INVALID: 'usage',
  PROVIDER_UNKNOWN: 'usage',
  PROVIDER_NONE: 'usage',
  IMPORT_OPEN: 'usage',
  TIMEFRAME_NOT_SERVED: 'usage',
  SERIES_UNKNOWN: 'missing',
  VERSION_UNKNOWN: 'missing',
  SYMBOL_UNKNOWN: 'missing',
  LOAD_UNKNOWN: 'missing',
  LOAD_OVER: 'missing',
  SCHEDULE_UNKNOWN: 'missing',
  SCHEDULE_TAKEN: 'usage',
  FILE_MISSING: 'damaged',
  FILE_DAMAGED: 'damaged',
  LOG_GAP: 'damaged',
  LOG_CORRUPT: 'damaged',
  LOG_NEWER: 'damaged',
  LOAD_CANCELLED: 'cancelled',
  INTERNAL: 'failed',
};

export const exitOf = (code: ErrorCode): Exit => BY_CODE[code] ?? (errors[code].permanent ? 'failed' : 'later');

export const exitCodeOf = (error: { readonly code: ErrorCode }): number => EXITS[exitOf(error.code)];

const GRAVITY: readonly Exit[] = ['done', 'differs', 'partial', 'later', 'missing', 'usage', 'failed', 'damaged', 'cancelled'];

/** How several ended: as the gravest of them. */
export const worstOf = (exits: readonly Exit[]): Exit => GRAVITY[Math.max(0, ...exits.map(exit => GRAVITY.indexOf(exit)))] ?? 'done';

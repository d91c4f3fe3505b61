/** What can be wrong with a stored series: each kind once, with what it means and how it is mended. */

interface Kind {
  /** `damage`: something that is kept cannot be read as it was written. `note`: worth knowing, nothing is lost. */
  readonly grave: 'damage' | 'note';
  readonly means: string;
  /** What `verify --repair` does about it. */
  readonly repair: string;
}

export const KINDS = {
  log_newer: {
    grave: 'damage',
    means: 'a newer program wrote the table; this one leaves it alone',
    repair: 'nothing: use a newer tapekeep',
  },
  log_gap: {
    grave: 'damage',
    means: 'versions from there on cannot be read, unless a checkpoint stands behind it',
    repair: 'nothing: bring the entry back from a backup',
  },
  log_torn: {
    grave: 'damage',
    means: 'the newest version cannot be read; the one before it can',
    repair: 'the entry is set aside, and the next load fetches again what that version brought',
  },
  log_corrupt: {
    grave: 'damage',
    means: 'versions from there on cannot be read, unless a checkpoint stands behind it',
    repair: 'nothing: bring the entry back from a backup',
  },
  entry_unsealed: {
    grave: 'note',
    means: 'another program wrote this version: it is read, but nothing proves it',
    repair: 'nothing',
  },
  checkpoint_lies: { grave: 'damage', means: 'it is passed by, and opening is slower', repair: 'it is made again from the entries' },
  checkpoint_unproved: {
    grave: 'note',
    means: 'it has no checksum, so it is passed by: another program made it, or its writer ended before it was done',
    repair: 'it is made again from the entries',
  },
  file_missing: {
    grave: 'damage',
    means: 'its bars cannot be read',
    repair: 'put back from raw files; else its interval is asked for again',
  },
  file_damaged: {
    grave: 'damage',
    means: 'its bytes are not those that were committed; its bars are not served',
    repair: 'set aside, and put back from raw files; else its interval is asked for again',
  },
  old_file_missing: {
    grave: 'note',
    means: 'the earlier versions that named it are no longer whole',
    repair: 'nothing: the newest version does without',
  },
  old_file_damaged: {
    grave: 'damage',
    means: 'the earlier versions that named it cannot be read in full; the newest can',
    repair: 'put back from raw files where they hold the same bytes, else set aside',
  },
  unreadable: {
    grave: 'damage',
    means: 'its bytes are what was committed, but no Parquet',
    repair: 'set aside, and its interval is asked for again',
  },
  readers_differ: { grave: 'damage', means: 'two readers of Parquet see different bars in it', repair: 'nothing: report it' },
  disorder: { grave: 'damage', means: 'its bars are out of order, or one is there twice', repair: 'nothing: report it' },
  twice: { grave: 'damage', means: 'one bar is in two files: readers would see it twice', repair: 'nothing: report it' },
  stats_wrong: { grave: 'damage', means: 'readers that trust the log pass bars by', repair: 'the log is told again what the file holds' },
  outside_coverage: { grave: 'damage', means: 'bars lie where nothing was asked for', repair: 'what is there counts as asked for' },
  unaccounted: {
    grave: 'damage',
    means: 'bars are expected that are neither there nor known to be absent',
    repair: 'they count as not asked for, and the next load asks',
  },
  holdings_damaged: {
    grave: 'damage',
    means: 'what was asked for is not known, and the version cannot be opened',
    repair: 'what an earlier version knew, and the bars that are there; the next load asks for the rest',
  },
  note_damaged: { grave: 'damage', means: 'what it told (quality, corrections, bars set aside) cannot be read', repair: 'set aside' },
  raw_damaged: { grave: 'damage', means: 'a repair can no longer begin with it', repair: 'set aside' },
  orphan: {
    grave: 'note',
    means: 'no version names it: a writer ended before its commit, or a retention has ended',
    repair: 'removed a day later, when all its bars are in the table; else set aside',
  },
  foreign: { grave: 'note', means: 'it is none of ours, and nothing reads it', repair: 'nothing' },
} as const satisfies Record<string, Kind>;

export type FlawKind = keyof typeof KINDS;

export interface Flaw {
  readonly kind: FlawKind;
  /** Below the data folder. */
  readonly file: string | null;
  readonly says: string;
}

export const isDamage = ({ kind }: Flaw): boolean => KINDS[kind].grave === 'damage';

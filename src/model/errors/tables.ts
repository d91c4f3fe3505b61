/** What can be wrong with a table, and why a change of it is refused. */
import { about, type Fault } from './fault.js';

export const TABLES = {
  SERIES_UNKNOWN: {
    permanent: true,
    say: f => `there is no series ${f.series} in ${f.folder}`,
    help: 'tapekeep list shows what is there; DATA_CACHE_DIR names the data folder',
  },
  VERSION_UNKNOWN: {
    permanent: true,
    say: f => `${f.series} has no version ${f.version}: it has ${f.first} to ${f.last}`,
    help: 'tapekeep history <symbol> <timeframe> lists the versions',
  },
  BASIS_MISMATCH: {
    permanent: true,
    say: f => `${f.series} holds ${f.stored} prices; ${f.offered} prices were offered. Nothing was written`,
    help: 'load them into a dataset of their own (--dataset)',
  },
  LOG_GAP: {
    permanent: true,
    say: f => `the log of ${f.series} lacks version ${f.version}. Versions before it are readable`,
    help: 'bring the file back from a backup, or read an earlier version with --as-of',
  },
  LOG_CORRUPT: {
    permanent: true,
    say: f => `the log entry ${f.file} of ${f.series} is damaged: ${f.reason}. Nothing was read from it`,
    help: 'bring the file back from a backup, or read an earlier version with --as-of',
  },
  LOG_NEWER: {
    permanent: true,
    say: f => `${f.series} was written by a newer program (${f.needs}); this one will not touch it`,
    help: 'use a newer tapekeep',
  },
  FILE_MISSING: {
    permanent: true,
    say: f => `${f.file} is missing${about(f)}. Other files of the series are untouched`,
    help: 'bring the file back from a backup, or load the interval again',
  },
  FILE_DAMAGED: {
    permanent: true,
    say: f => `${f.file} is damaged${about(f)}: ${f.reason}. It was not used; other files are untouched`,
    help: 'bring the file back from a backup, or load the interval again',
  },
  FILE_EXISTS: {
    permanent: true,
    say: f => `${f.file} is there already, and stays as it is. Nothing was written`,
    help: 'name another place with --out, or replace it with --force',
  },
  LEGACY_UNREADABLE: {
    permanent: true,
    say: f => `${f.file} cannot be taken over: ${f.reason}. Nothing of it was; other files are not touched by that`,
    help: 'mend or remove the file, and migrate the folder again: what is in already is passed by',
  },
  CANDIDATE_REFUSED: {
    permanent: true,
    say: f => `the new bars${about(f)} were refused: ${f.reason}. The table is as it was; what was fetched lies in .tapekeep/quarantine`,
    help: 'look at the reason and at those files; ordering the load again fetches anew',
  },
  RESTATED: {
    permanent: true,
    say: f =>
      `${f.series}: the bars that came tell the past by another measure: ${f.words} (ratio ${f.ratio}) from ${f.from} to ${f.to}, in ${f.bars} of ${f.of} bars that are there already. Nothing was mixed; the table is as it was`,
    help: 'tapekeep load … --reload takes the whole past anew in one version; the setting revisions.restated: reload does it by itself',
  },
  RELOAD_INCOMPLETE: {
    permanent: true,
    say: f =>
      `${f.series}: taking the past anew brought ${f.came} bars, and ${f.rows} are there${f.from ? `; nothing was answered from ${f.from} on` : ''}. Nothing was replaced; the table is as it was`,
    help: 'name a provider that reaches as far back, or load into another dataset with --dataset',
  },
  SERIES_HELD: {
    permanent: true,
    say: f =>
      `${f.series} is held: version ${f.version} was restored on ${f.since} by ${f.by}, and a load would undo that. Nothing was written`,
    help: 'tapekeep restore <symbol> <timeframe> --release lets loads change it again',
  },
  IMPORT_UNREADABLE: {
    permanent: true,
    say: f => `${f.file} cannot be imported: ${f.reason}. ${f.kept ?? 'Nothing was written'}`,
    help: 'see whether this is the file that was meant; tapekeep import --dry-run shows how it is read, docs/imports.md how to describe its layout',
  },
  CORRECTION_REFUSED: {
    permanent: true,
    say: f => `the bar of ${f.series} at ${f.at} cannot be corrected so: ${f.reason}. Nothing was written`,
    help: 'name values that can be right together: --open, --high, --low, --close, --volume',
  },
  IMPORT_CHANGED: {
    permanent: true,
    say: f => `${f.file} changed while it was read. What was committed before stays; the rest was not taken`,
    help: 'import it again when nothing writes to it any more: what is stored already is passed by',
  },
  IMPORT_OPEN: {
    permanent: true,
    say: f => `${f.file} leaves something open: ${f.questions}. Nothing was written`,
    help: 'say it with the option that is named, or on a terminal, where it is asked',
  },
  COMMIT_CONTENDED: {
    permanent: false,
    say: f => `${f.series}: ${f.attempts} attempts to commit were overtaken by other writers. Nothing is lost`,
    help: 'nothing: it is tried again',
  },
} satisfies Record<string, Fault>;

/** Files of an older collection: year-split CSV, single Parquet masters, feather. */
export { readLegacy, sha256OfFile } from './read.js';
export type { Refusals } from './rows.js';
export { type LegacyFile, type LegacyKind, type Survey, surveyLegacy } from './survey.js';

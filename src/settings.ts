/** Defaults, file, environment and flags become one typed, validated object. Nothing happens on import. */
export { defaults } from './settings/defaults.js';
export { type Exposed, exposedFiles } from './settings/exposed.js';
export { type Environment, type Flags, variableOf } from './settings/given.js';
export { settingsPage } from './settings/page.js';
export { type Inspection, inspectSettings, parseSettings, type Row, type Sources } from './settings/parse.js';
export { type ResolvedSettings, readSettings, readSources, resolved, type Where } from './settings/read.js';
export { parseSchedule, type ScheduleSetting, scheduleOf } from './settings/schedules.js';
export type { KeptSeries, Settings } from './settings/schema.js';
export { Secret, secretsIn } from './settings/secret.js';
export { securedFor, type TemporalWay } from './settings/secured.js';
export { KEYED } from './settings/sources.js';
export { tuningOf } from './settings/tuning.js';

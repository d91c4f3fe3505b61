export { backupTables } from './backup.js';
export { changeSeries } from './change-series.js';
export { importFiles } from './import-files.js';
export { keepEvents } from './keep-events.js';
export { loadSeries } from './load-series.js';
export { migrateFolder } from './migrate.js';
export { planLoad } from './plan-load.js';
export { startLoads } from './start-loads.js';

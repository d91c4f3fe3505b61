export { loadSeries } from './load-series.js';
export { startLoads } from './start-loads.js';

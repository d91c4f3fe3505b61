/** How good stored bars are: faults counted for each session, a score made of the counts, and the gate before a commit. */
export { cellsOf, spanOf } from './quality/cells.js';
export { confirmedEmpty } from './quality/completeness.js';
export { addUp, type Counts, FIELDS, type Field, NO_COUNTS, plus, type SessionCounts } from './quality/counts.js';
export { type Gate, type GateFacts, gate, intervalRefusal, type Quarantined, type Refusal, saysNothing } from './quality/gate.js';
export { contextOf, measure, type QualityFacts } from './quality/measure.js';
export { partsOf } from './quality/parts.js';
export { isNonsense } from './quality/prices.js';
export { type Cap, type Component, type Grade, type Quality, type Standing, scoreOf } from './quality/score.js';
export type { WorstRange } from './quality/worst.js';

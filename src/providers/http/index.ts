/** The shared HTTP client: what a provider file needs of it. */
export type { Answer } from './answer.js';
export { type Budget, createBudget, type Spent } from './budget.js';
export type { Rate } from './gate.js';
export { createHttp, type Http, type HttpOptions } from './http.js';
export type { Key } from './mask.js';
export type { Meaning, Rule, Rules } from './rules.js';
export { createSource, type Get, type Source, type SourceSpec } from './source.js';

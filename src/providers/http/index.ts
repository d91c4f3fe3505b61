/** The shared HTTP client: what a provider file needs of it. */
export { type AccountFacts, factsOfAccount, type Holder, recordOf } from './account.js';
export type { Answer } from './answer.js';
export { createHttp, type Http, type HttpOptions } from './http.js';
export type { Key } from './mask.js';
export type { Rate } from './rate.js';
export type { Meaning, Rule, Rules } from './rules.js';
export { createSource, type Get, type Source, type SourceSpec } from './source.js';

/** What is traded: which symbols are listed, what they were called when, and how one that is not listed can be read. */
export { type Classification, classify, type Reading } from './instruments/classify.js';
export type { Instrument, Ticker, TradeDate } from './instruments/instrument.js';
export { withTold } from './instruments/instrument.js';
export { LISTED, type Life, lifeOf } from './instruments/life.js';
export { clashOf, createInstruments, type Holding, type Instruments, instrumentAt, NO_INSTRUMENTS } from './instruments/table.js';

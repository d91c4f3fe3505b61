/** The table of instruments: read from its file, checked, and found by symbol. */
export { INSTRUMENTS_FILE, readInstruments } from './instruments/file.js';
export { instrumentsFrom } from './instruments/parse.js';

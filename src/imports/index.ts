/** Files of other programs, read as bars: recognised, taken a stretch at a time, and every row accounted for. */

export { layoutFrom, readLayout } from './described.js';
export { type CalendarFor, type Detected, detect, judge } from './detect/detect.js';
export { refuseOtherLength } from './detect/length.js';
export { agreementOf, answerOf, contradiction, openReadings, probesOf } from './detect/overlap.js';
export type { Given, Question } from './detect/said.js';
export { firstLine, readSample, type Sample, type SampleRead } from './detect/sample.js';
export { wallClock } from './detect/zones.js';
export { dialectsNamed } from './dialects/index.js';
export type { Layout } from './layout.js';
export { type Placed, type Placing, placeRows, rowAsRead } from './place.js';
export { digestOf, type OpenFile, openFile, openText, type Source } from './source/source.js';
export { isLongPacked, rowBytesOf, rowsBegin, sampleOf, stretchOf } from './stretch.js';
export { readApart } from './text/apart.js';
export { columnsIn, giveBack, ROOM_BYTES, ROOM_ROWS, type Room, takeRoom } from './text/rooms.js';
export { type ReadRows, type RefusedRow, readRows } from './text/rows.js';
export { type Text, type TextFault, textsOf } from './texts.js';
export { isTwice } from './which-hour.js';

/** The calendars: read from files of facts, checked, and found by name. */
export { type Calendars, calendarFor } from './calendars/collection.js';
export { type CalendarPlaces, OWN_FOLDER, readCalendars } from './calendars/files.js';
export { calendarsThatFit } from './calendars/proposal.js';

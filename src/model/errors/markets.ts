/** What is wrong with what is known of markets: calendars, instruments, events. */
import type { Fault } from './fault.js';

export const MARKETS = {
  CALENDAR_INVALID: {
    permanent: true,
    say: f => `${f.where}: the calendar cannot be used: ${f.reason}. No calendar was taken, and nothing was written`,
    help: 'correct the named line; docs/calendars.md explains the format. Without calendars.overlay the own calendars are used alone',
  },
  CALENDAR_UNKNOWN: {
    permanent: true,
    say: f =>
      f.calendar
        ? `there is no calendar ${f.calendar}. Known: ${f.known}. Nothing was written`
        : `which calendar ${f.series ?? f.assetClass} follows is not known, so what is missing cannot be said. Nothing was written. Calendars that fit: ${f.fits}`,
    help: 'name it in the settings of the series, e.g. calendar: XNYS; tapekeep calendar list shows them all',
  },
  INSTRUMENTS_INVALID: {
    permanent: true,
    say: f => `${f.where}: the instruments cannot be used: ${f.reason}. None was taken, and nothing was written`,
    help: 'correct the named line; the head of config/instruments.yaml explains the fields',
  },
  TICKER_REUSED: {
    permanent: true,
    say: f =>
      `${f.series} holds the bars of ${f.holds}, and in the time that is wanted the ticker belonged to ${f.wanted}. One table never joins two. Nothing was written`,
    help: 'load the other one into a dataset of its own, with --dataset; config/instruments.yaml tells who had a ticker when',
  },
  EVENTS_INVALID: {
    permanent: true,
    say: f => `${f.where}: ${f.reason}. No event was changed`,
    help: 'docs/cli.md shows the form under "events import": date, kind, value, currency',
  },
} satisfies Record<string, Fault>;

/** What is wrong with what somebody asks for, or has written in the settings. */
import type { Fault } from './fault.js';

export const ASKING = {
  SETTING_INVALID: {
    permanent: true,
    say: f => `${f.where}: ${f.key}: ${JSON.stringify(f.value)} is not allowed. Allowed: ${f.allowed}`,
    help: 'correct the setting; tapekeep config check shows them all',
  },
  SETTING_UNKNOWN: {
    permanent: true,
    say: f => `${f.where}: there is no setting ${f.key} (value ${JSON.stringify(f.value)}). Allowed: ${f.allowed}`,
    help: 'correct or remove the key; tapekeep config check shows them all',
  },
  SETTING_MISSING: {
    permanent: true,
    say: f => `${f.where}: ${f.key} is missing. Allowed: ${f.allowed}`,
    help: 'add the setting; tapekeep config check shows them all',
  },
  SETTINGS_UNREADABLE: {
    permanent: true,
    say: f => `${f.where}: the settings cannot be read: ${f.reason}`,
    help: 'mend the file at the named line, or remove it to run with the defaults',
  },
  USAGE: { permanent: true, say: f => String(f.reason), help: 'tapekeep --help, or tapekeep <command> --help' },
  SYMBOL_INVALID: {
    permanent: true,
    say: f => `${JSON.stringify(f.symbol)} cannot be a symbol: ${f.reason}`,
    help: 'use the name the market uses, e.g. BTCUSDT, BRK.B, ^GSPC',
  },
  TIMEFRAME_UNKNOWN: {
    permanent: true,
    say: f => `there is no timeframe ${JSON.stringify(f.timeframe)}`,
    help: 'use one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo',
  },
  INTERVAL_INVALID: {
    permanent: true,
    say: f => `${f.from} … ${f.to} is not an interval: ${f.reason}`,
    help: 'give --from before --to, as 2024-01-31 or 2024-01-31T12:00Z',
  },
} satisfies Record<string, Fault>;

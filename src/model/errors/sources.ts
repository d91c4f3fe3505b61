/** What a source does, or does not. */
import { about, type Fault } from './fault.js';

export const SOURCES = {
  PROVIDER_UNKNOWN: {
    permanent: true,
    say: f => `there is no provider ${JSON.stringify(f.provider)}. Known: ${f.known}`,
    help: 'use one of the known names, or add it as docs/adding-a-provider.md tells',
  },
  SYMBOL_UNKNOWN: {
    permanent: true,
    say: f => `${f.provider} has no symbol ${JSON.stringify(f.symbol)}. Nothing was written`,
    help: 'check the spelling, or name another provider with --provider',
  },
  PROVIDER_NONE: {
    permanent: true,
    say: f => `${f.series}: no source is chosen for it: ${f.reason}. Nothing was done`,
    help: 'name one with --provider, set its key, or change the rules in config/providers.yaml; tapekeep why tells how one is chosen',
  },
  TIMEFRAME_NOT_SERVED: {
    permanent: true,
    say: f => `${f.provider} has no ${f.timeframe} bars. Nothing was written`,
    help: 'use a timeframe that it serves, or name another provider with --provider',
  },
  BEYOND_DEPTH: {
    permanent: true,
    say: f => `${f.provider} reaches back ${f.depth} and no further${about(f)}. What it could give is kept`,
    help: 'name a provider that reaches further, or begin later (--from)',
  },
  RATE_LIMITED: {
    permanent: false,
    say: f =>
      f.perDay
        ? `the ${f.perDay} requests a day that ${f.provider} grants are used up${about(f)}: new ones come in ${f.waitMs} ms. What was fetched is kept`
        : `${f.provider} asks us to wait ${f.waitMs} ms${about(f)}. What was fetched is kept`,
    help: 'nothing: it goes on by itself',
  },
  KEY_MISSING: {
    permanent: true,
    say: f => `${f.provider} needs a key, and none is set${about(f)}. Nothing was asked`,
    help: 'set the environment variable that docs/settings.md names for its key, or its key in the settings',
  },
  KEY_REFUSED: {
    permanent: true,
    say: f => `${f.provider} does not accept the key${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'check the key and whether it has expired; then order the load again',
  },
  PLAN_TOO_SMALL: {
    permanent: true,
    say: f => `the plan at ${f.provider} does not include this${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'ask for less (--from, another timeframe), take a larger plan there, or name another provider with --provider',
  },
  REQUEST_REFUSED: {
    permanent: true,
    say: f => `${f.provider} refuses the request${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'look at its words; if they make no sense, report them with the log, or name another provider with --provider',
  },
  BANNED: {
    permanent: false,
    say: f => `${f.provider} has shut this address out for ${f.waitMs} ms${about(f)}. Nothing is asked before; what was fetched is kept`,
    help: 'nothing: it goes on by itself; a lower rate in the settings of the provider prevents it',
  },
  BREAKER_OPEN: {
    permanent: false,
    say: f =>
      `${f.provider} is left alone for ${f.waitMs} ms, since it failed again and again${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'nothing: it is asked again by itself; tapekeep providers shows how it is',
  },
  NETWORK_FAILED: {
    permanent: false,
    say: f => `the way to ${f.provider} failed${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'see with tapekeep doctor whether the network is there; a load goes on by itself, all else is to be asked again',
  },
  PROVIDER_DOWN: {
    permanent: false,
    say: f => `${f.provider} cannot be reached${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'see with tapekeep doctor whether the network is there; a load goes on by itself, all else is to be asked again',
  },
  ANSWER_TRUNCATED: {
    permanent: false,
    say: f => `an answer of ${f.provider}${about(f)} was cut short: ${f.reason}. It was not used; earlier pages are kept`,
    help: 'nothing: the page is asked for again',
  },
  ANSWER_MALFORMED: {
    permanent: false,
    say: f => `an answer of ${f.provider}${about(f)} cannot be read: ${f.reason}. It was not used; earlier pages are kept`,
    help: 'nothing: the page is asked for again; if it stays, report it with the log',
  },
  ANSWER_TOO_LARGE: {
    permanent: true,
    say: f => `an answer of ${f.provider}${about(f)} is larger than ${f.most} bytes. It was not used; earlier pages are kept`,
    help: 'report it with the log; until then name another provider with --provider',
  },
  PAGES_DISAGREE: {
    permanent: false,
    say: f => `two pages of ${f.provider}${about(f)} tell the bar of ${f.at} differently. The later was not used; earlier pages are kept`,
    help: 'nothing: the page is asked for again',
  },
  ANSWER_WRONG: {
    permanent: true,
    say: f => `${f.provider} answered something else than was asked${about(f)}: ${f.reason}. It was not used; earlier pages are kept`,
    help: 'load again later; if it stays, report it with the log or name another provider with --provider',
  },
  NO_PROGRESS: {
    permanent: true,
    say: f => `the pages of ${f.provider}${about(f)} do not move on from ${f.at}. Earlier pages are kept`,
    help: 'report it with the log; until then name another provider with --provider',
  },
} satisfies Record<string, Fault>;

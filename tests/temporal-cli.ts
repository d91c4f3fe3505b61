/** The Temporal CLI for tests: found or obtained as a user's would be, once for each test process. */
import { type Cli, obtainCli } from '../temporal/index.js';

let obtained: Promise<Cli> | undefined;

export function temporalCli(): Promise<Cli> {
  obtained ??= obtainCli({ env: process.env, say: line => console.error(line) });
  return obtained;
}

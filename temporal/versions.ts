/** Which Temporal CLI we accept, and how it says what it is. */

/** The version that is downloaded or built when none is there; later ones cannot be built by `go install`. */
export const pinnedCli = '1.5.1';
export const leastCli = '1.5.0';
/** A CLI built from source calls itself 0.0.0-DEV, so it is judged by the server it carries. */
const leastServer = '1.29.0';

export interface CliVersion {
  readonly version: string;
  readonly serverVersion: string;
}

/** Reads "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)". */
export function readVersion(output: string): CliVersion | undefined {
  const match = /temporal version v?(\d[\w.+-]*) \(Server v?(\d[\w.+-]*)/.exec(output);
  return match ? { version: match[1]!, serverVersion: match[2]! } : undefined;
}

export const isRecentEnough = (cli: CliVersion): boolean =>
  cli.version.startsWith('0.0.0') ? atLeast(cli.serverVersion, leastServer) : atLeast(cli.version, leastCli);

/** True when the release `version` is `least` or later; what follows the three numbers does not count. */
export function atLeast(version: string, least: string): boolean {
  const [have, need] = [numbers(version), numbers(least)];
  for (const [i, wanted] of need.entries()) {
    const found = have[i] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

const numbers = (version: string): number[] => (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);

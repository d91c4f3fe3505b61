/** What the machine offers: node, the data folder, the Temporal CLI. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ErrorCode, errors } from '../../model/errors.js';
import type { ResolvedSettings } from '../../settings.js';
import { bytes } from '../screen/words.js';
import { type Finding, note, well, wrong } from './finding.js';

const LEAST_NODE = [20, 3] as const;

export function nodeFinding(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
  return old ? wrong('node', `version ${version}`, `install node ${LEAST_NODE.join('.')} or later`) : well('node', `version ${version}`);
}

export async function folderFindings({ data, disk }: ResolvedSettings): Promise<Finding[]> {
  const roomFinding = (folder: string) => roomIn(folder, disk.floor * 1e9);
  const folder = await stat(data).catch(() => undefined);
  if (!folder)
    return [note('data folder', `${data} is not there yet`, 'nothing: the daemon makes it'), await roomFinding(await nearestFolder(data))];
  if (!folder.isDirectory()) return [wrong('data folder', `${data} is no folder`, 'name another in DATA_CACHE_DIR or with --data')];
  const writable = await access(data, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return [wrong('data folder', `${data} cannot be written to`, 'give yourself the rights, or name another with --data')];
  const staging = await stat(join(data, '.tapekeep')).catch(() => undefined);
  if (staging && staging.dev !== folder.dev) {
    return [
      wrong('data folder', `.tapekeep in ${data} lies on another disk`, 'keep it in the data folder itself, not behind a link or a mount'),
    ];
  }
  return [well('data folder', data), await roomFinding(data)];
}

async function roomIn(folder: string, floor: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return free < floor
    ? wrong('room on the disk', `${bytes(free)} free, loads wait for ${bytes(floor)} (disk.floor)`, 'make room: they go on by themselves')
    : well('room on the disk', `${bytes(free)} free`);
}

async function nearestFolder(path: string): Promise<string> {
  const there = await stat(path).catch(() => undefined);
  return there || dirname(path) === path ? path : nearestFolder(dirname(path));
}

const FINDER = fileURLToPath(new URL('../../worker/find-temporal.js', import.meta.url));

const atHome = (path: string): string => (path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path);

type Answer = { readonly path: string; readonly source: string; readonly version: string; readonly serverVersion: string };
type Refusal = { readonly code: string; readonly message: string };

/** Looked for in a process of its own: the client does not know how the daemon finds it. */
export async function temporalFinding({ temporal }: ResolvedSettings, env: NodeJS.ProcessEnv): Promise<Finding> {
  if (temporal.address) return note('Temporal CLI', `not needed: temporal.address names a server at ${temporal.address}`);
  const { stdout } = await promisify(execFile)(process.execPath, [FINDER, ...(temporal.cli ? [temporal.cli] : [])], { env });
  const answer = JSON.parse(stdout) as Answer | Refusal;
  if ('path' in answer) return well('Temporal CLI', `${atHome(answer.path)} (${answer.source}), server ${answer.serverVersion}`);
  if (temporal.cli || env.TEMPORAL_CLI) {
    const help = answer.code in errors ? errors[answer.code as ErrorCode].help : 'name another in TEMPORAL_CLI';
    return wrong('Temporal CLI', answer.message, help);
  }
  return note('Temporal CLI', 'none is here yet', 'nothing: tapekeep up downloads or builds one, which takes up to some minutes');
}

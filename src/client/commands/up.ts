import { spawn } from 'node:child_process';
import { leanEnvironment } from '../../store/lean.js';
import type { Command } from '../command.js';
import { daemonArguments } from '../engine/daemon.js';
import { EXITS, type Exit } from '../exits.js';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export const up: Command = {
  name: 'up',
  about: 'runs the daemon until Ctrl+C',
  more: 'Keeps the series of the settings complete, and serves loads that are ordered. Ctrl+C lets it finish what is under way; once more leaves at once. Nothing is lost either way.',
  example: 'tapekeep up\ntapekeep up --set temporal.port=7333 --set temporal.uiPort=8333',
  exits: ['cancelled'],
  async run({ globals, env }) {
    // A wrong setting is refused here, in the words of every other command.
    const { readSettings } = await import('../../settings.js');
    readSettings({ file: globals.config, env, flags: globals.set, folder: process.cwd() });
    const code = await daemonEnd(daemonArguments(globals));
    return (Object.keys(EXITS) as Exit[]).find(exit => EXITS[exit] === code) ?? 'failed';
  },
};

/**
 * The daemon has a process group of its own, so that Ctrl+C comes to it once, through us: twice would mean that
 * somebody is in a hurry.
 */
function daemonEnd(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: leanEnvironment(process.env),
      detached: true,
    });
    const pass = (signal: NodeJS.Signals) => void child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    for (const signal of FORWARDED) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of FORWARDED) process.removeListener(name, pass);
      resolve(code ?? (signal === 'SIGINT' ? EXITS.cancelled : EXITS.failed));
    });
  });
}

/** All that `tapekeep doctor` looks at. It works when nothing runs, and changes nothing. */
import { isTapekeepError } from '../../model/errors.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Globals } from '../command.js';
import { known } from '../complaint.js';
import { findDaemon } from '../engine/daemon.js';
import { openOrders } from '../loads/open-orders.js';
import { clockFinding, clocksOf } from './clock.js';
import { daemonFinding, loadFindings, nobodyRuns, workerFinding } from './daemon.js';
import { type Finding, note, well, wrong } from './finding.js';
import { healthFindings } from './health.js';
import { folderFindings, nodeFinding, temporalFinding } from './machine.js';
import { namespaceFinding } from './namespace.js';
import { restFindings } from './sources.js';

export async function checkup({ config, set }: Globals, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { exposedFiles, readSettings } = await import('../../settings.js');
  const where = { file: config, env, flags: set, folder: process.cwd() };
  let settings: ResolvedSettings;
  try {
    settings = readSettings(where);
  } catch (error) {
    if (!isTapekeepError(error)) throw error;
    return [nodeFinding(), wrong('settings', error.message, error.help)];
  }
  const folder = await folderFindings(settings);
  const exposed = exposedFiles(where, settings).map(({ found, next }) => note('settings', found, next));
  const ofSettings = exposed.length > 0 ? exposed : [well('settings', 'all are well')];
  const machine = [nodeFinding(), ...ofSettings, ...folder, await temporalFinding(settings, env)];
  return [...machine, ...(await running(settings))];
}

async function running(settings: ResolvedSettings): Promise<Finding[]> {
  const { openStore, inlineFrames } = await import('../../store/index.js');
  const store = await openStore({ root: settings.data, frames: inlineFrames(), now: Date.now, reading: true });
  try {
    const presence = findDaemon(settings.data);
    if (!presence) return nobodyRuns(await openOrders(store));
    const { Engine } = await import('../engine/engine.js');
    const engine = await Engine.connect(presence, settings.temporal).catch(error => known(error));
    if (!(engine instanceof Engine)) {
      return [
        daemonFinding(presence),
        wrong('Temporal server', engine.message, `the daemon starts it again; if it stays, look into ${presence.logFile}`),
      ];
    }
    try {
      const facts = await engine.namespaceFacts();
      const worker = await workerFinding(engine, presence, Object.keys(settings.providers));
      return [
        daemonFinding(presence),
        ...(await healthFindings(settings, presence)),
        ...worker,
        ...(worker.some(({ state }) => state === 'wrong')
          ? []
          : await restFindings(() => engine.consult({ ask: 'sources' }), Boolean(presence.metricsUrl))),
        namespaceFinding(facts),
        clockFinding(await clocksOf(settings.data, presence, facts.lastAsked)),
        ...(await loadFindings(engine, store)),
      ];
    } finally {
      await engine.close();
    }
  } finally {
    await store.close();
  }
}

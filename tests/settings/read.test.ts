import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { SIMULATED_DEFAULTS, type SimulatedSettings } from '../../src/providers/simulated/settings.js';
import { stateFolder } from '../../src/settings/state-folder.js';
import { defaults, parseSettings, readSettings, settingsPage } from '../../src/settings.js';

const folder = mkdtempSync(join(tmpdir(), 'tapekeep-settings-'));
after(() => rmSync(folder, { recursive: true }));

const root = join(import.meta.dirname, '..', '..', '..');

test('the settings that come with the project keep two series of the simulated exchange and change no default', () => {
  const { series, logs, data, ...rest } = readSettings({ env: {}, folder: root });
  assert.deepEqual(
    series.map(kept => `${kept.symbol} ${kept.timeframe} ${kept.provider}`),
    ['SIMBTC 1m simulated', 'SIMETH 1h simulated'],
  );
  assert.equal(data, join(root, 'data'));
  assert.equal(logs.file, join(root, 'data', '.tapekeep', 'log', 'tapekeep.log'));
  assert.deepEqual(rest.temporal, defaults.temporal);
  assert.deepEqual(rest.store, defaults.store);
  assert.deepEqual(rest.worker, defaults.worker);
  assert.deepEqual(rest.providers, parseSettings().providers);
});

test('the simulated exchange has the same defaults in the settings and by itself', () => {
  const simulated: SimulatedSettings = parseSettings().providers.simulated;
  assert.deepEqual(simulated, SIMULATED_DEFAULTS);
});

test('docs/settings.md is what the settings say of themselves; npm run settings writes it', () => {
  assert.equal(readFileSync(join(root, 'docs', 'settings.md'), 'utf8'), settingsPage());
});

test('a folder without a settings file has the defaults, with whole paths', () => {
  const settings = readSettings({ env: { HOME: '/somewhere/me' }, folder, flags: { data: '~/tape', 'temporal.cli': 'temporal' } });
  assert.equal(settings.data, '/somewhere/me/tape');
  assert.equal(settings.logs.file, '/somewhere/me/tape/.tapekeep/log/tapekeep.log');
  assert.equal(settings.temporal.cli, 'temporal');
});

test('TAPEKEEP_CONFIG names another file, and a path that is given wins over it', () => {
  writeFileSync(join(folder, 'one.yaml'), 'data: one\n');
  writeFileSync(join(folder, 'two.yaml'), 'data: two\n');
  const env = { TAPEKEEP_CONFIG: 'one.yaml' };
  assert.equal(readSettings({ env, folder }).data, join(folder, 'one'));
  assert.equal(readSettings({ env, folder, file: 'two.yaml' }).data, join(folder, 'two'));
});

test('a named file that is missing, a folder, or not text is refused by its name', () => {
  mkdirSync(join(folder, 'a-folder'));
  writeFileSync(join(folder, 'bytes.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
  for (const file of ['absent.yaml', 'a-folder', 'bytes.yaml']) {
    assert.throws(
      () => readSettings({ env: {}, folder, file }),
      error => isTapekeepError(error, 'SETTINGS_UNREADABLE') && error.message.startsWith(join(folder, file)),
    );
  }
});

test('what all daemons of a user share lies in the state folder of the user, unless it is put elsewhere', () => {
  const placed = (env: Record<string, string>, flags = {}) => readSettings({ env, flags, folder }).budgets.folder;
  assert.equal(stateFolder({ HOME: '/h' }, 'linux'), '/h/.local/state/tapekeep');
  assert.equal(stateFolder({ HOME: '/h', XDG_STATE_HOME: '/s' }, 'linux'), '/s/tapekeep');
  assert.equal(stateFolder({ HOME: '/h', XDG_STATE_HOME: 'relative' }, 'linux'), '/h/.local/state/tapekeep');
  assert.equal(stateFolder({ HOME: '/h' }, 'darwin'), '/h/Library/Application Support/tapekeep');
  assert.match(stateFolder({ HOME: '/h', LOCALAPPDATA: '/l' }, 'win32'), /^\/l.tapekeep$/);
  assert.equal(placed({ HOME: '/h' }, { 'budgets.folder': '~/b' }), '/h/b');
  assert.equal(placed({ TAPEKEEP_BUDGETS_FOLDER: 'b' }), join(folder, 'b'));
});

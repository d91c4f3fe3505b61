import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const preload = new URL('../../scripts/seed.mjs', import.meta.url).href;
const teller = fileURLToPath(new URL('./processes/tell-seed.js', import.meta.url));

function toldWith(seed: string | undefined): string {
  const { PROPERTIES_SEED: _, ...env } = process.env;
  const given = seed === undefined ? env : { ...env, PROPERTIES_SEED: seed };
  return execFileSync(process.execPath, [`--import=${preload}`, teller], { env: given, encoding: 'utf8', stdio: 'pipe' }).trim();
}

test('properties of a process that is given a seed try the same values each time, and others without one', () => {
  assert.equal(toldWith('-7'), '-7');
  assert.equal(toldWith(undefined), 'any');
  assert.throws(() => toldWith('a lot'), /a seed is a whole number of 32 bits, not a lot/);
});

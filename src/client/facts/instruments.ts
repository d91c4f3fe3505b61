/** The instruments of the settings, read when something first needs them: most commands never do. */
import type { Instruments } from '../../model/instruments.js';
import type { ResolvedSettings } from '../../settings.js';

const read = new WeakMap<ResolvedSettings, Promise<Instruments>>();

export function instrumentsOf(settings: ResolvedSettings): Promise<Instruments> {
  const known = read.get(settings) ?? import('../../instruments.js').then(room => room.readInstruments(settings.instruments.file));
  read.set(settings, known);
  return known;
}

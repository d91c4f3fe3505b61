/** The frame work done in this process: for tests that hold the seam, and inside a frame child. Its packages are heavy, so each step brings its own. */
import { type Io, realIo } from '../io.js';
import type { Frames } from './jobs.js';

export const inlineFrames = (io: Io = realIo): Frames => ({
  ready: async () => {
    await Promise.all([import('./stage.js'), import('./merge.js'), import('./validate.js'), import('./measure.js')]);
  },
  stage: async job => (await import('./stage.js')).stage(io, job),
  merge: async job => (await import('./merge.js')).merge(io, job),
  rebuild: async job => (await import('./rebuild.js')).rebuild(io, job),
  amend: async job => (await import('./amend.js')).amend(io, job),
  validate: async job => (await import('./validate.js')).validate(io, job),
  measure: async job => (await import('./measure.js')).measure(io, job),
  checkpoint: async job => (await import('./checkpoint.js')).checkpoint(io, job),
  compact: async job => (await import('./compact.js')).compact(io, job),
  derive: async job => (await import('./derive.js')).derive(io, job),
  close: async () => {},
});

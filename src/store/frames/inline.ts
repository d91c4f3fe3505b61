/** The frame work done in this process: for tests that hold the seam, and inside a frame child. */
import { type Io, realIo } from '../io.js';
import { checkpoint } from './checkpoint.js';
import type { Frames } from './jobs.js';
import { merge } from './merge.js';
import { stage } from './stage.js';
import { validate } from './validate.js';

export const inlineFrames = (io: Io = realIo): Frames => ({
  stage: job => stage(io, job),
  merge: job => merge(io, job),
  validate: job => validate(io, job),
  checkpoint: job => checkpoint(io, job),
  close: async () => {},
});

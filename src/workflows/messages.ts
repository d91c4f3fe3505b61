/** How a workflow that runs is spoken to: a load, an order of many, a job. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Admission, LoadOrder, LoadStatus } from '../model/load.js';
import type { Progress } from '../model/progress.js';

export const progressQuery = defineQuery<Progress>('progress');
export const statusQuery = defineQuery<LoadStatus>('status');
export const pauseSignal = defineSignal<[string]>('pause');
export const resumeSignal = defineSignal('resume');
/** Why a cancel comes: told just before it, since a cancel itself takes no reason. */
export const whySignal = defineSignal<[string]>('why');
/** A second order for the same series: it joins when nothing is asked beyond what is under way, else it extends the load. */
export const admitUpdate = defineUpdate<Admission, [LoadOrder]>('admit');

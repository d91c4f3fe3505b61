/** The steps of a load by their names; each is a closure over what it needs. */
import { backupSeries, backupSurvey } from './backup.js';
import { check } from './check.js';
import { close } from './close.js';
import { commit } from './commit.js';
import { deriveMake, deriveMerge, derivePlan } from './derive.js';
import { putEvents } from './events/put.js';
import { tellEvents } from './events/tell.js';
import { fetch } from './fetch.js';
import { gaps } from './gaps.js';
import type { ActivityHouse } from './house.js';
import { importLook } from './imports/look.js';
import { importMerge } from './imports/merge.js';
import { importList, importSurvey } from './imports/survey.js';
import { importTake } from './imports/take.js';
import { importKeep, importTell } from './imports/tell.js';
import { legacyMerge } from './legacy/merge.js';
import { legacyRead } from './legacy/read.js';
import { legacySurvey } from './legacy/survey.js';
import { local } from './local.js';
import { beginLoad, endOfLoad, findLoad, keepRows, readRows } from './many.js';
import { merge } from './merge.js';
import { opinionAsk } from './opinion/ask.js';
import { opinionPlan } from './opinion/plan.js';
import { opinionMerge, opinionTell } from './opinion/tell.js';
import { propose } from './propose.js';
import { dueLoads } from './schedules/due-loads.js';
import { segment } from './segment.js';
import { consult } from './sources/consult.js';
import { sweep, upkeepSurvey, vacuum } from './upkeep.js';
import { validate } from './validate.js';

export const createActivities = (house: ActivityHouse) => ({
  local: local(house),
  gaps: gaps(house),
  segment: segment(house),
  fetch: fetch(house),
  merge: merge(house),
  validate: validate(house),
  check: check(house),
  commit: commit(house),
  dueLoads: dueLoads(house),
  close: close(house),
  propose: propose(house),
  consult: consult(house),
  derivePlan: derivePlan(house),
  deriveMake: deriveMake(house),
  deriveMerge: deriveMerge(house),
  opinionPlan: opinionPlan(house),
  opinionAsk: opinionAsk(house),
  opinionTell: opinionTell(house),
  opinionMerge: opinionMerge(house),
  tellEvents: tellEvents(house),
  sweep: sweep(house),
  upkeepSurvey: upkeepSurvey(house),
  vacuum: vacuum(house),
  putEvents: putEvents(house),
  importSurvey: importSurvey(house),
  importList: importList(house),
  importLook: importLook(house),
  importTake: importTake(house),
  importMerge: importMerge(house),
  importKeep: importKeep(house),
  importTell: importTell(house),
  backupSurvey: backupSurvey(house),
  backupSeries: backupSeries(house),
  legacySurvey: legacySurvey(house),
  legacyRead: legacyRead(house),
  legacyMerge: legacyMerge(house),
  beginLoad: beginLoad(house),
  findLoad: findLoad(house),
  endOfLoad: endOfLoad(house),
  keepRows: keepRows(house),
  readRows: readRows(house),
});

export type Activities = ReturnType<typeof createActivities>;
export { heldVersion } from './held.js';
export type { ActivityHouse } from './house.js';
export { aheadOf } from './schedules/ahead.js';
export { derivedDue } from './schedules/derive-due.js';
export { Health, type HealthOptions } from './sources/health.js';
export { choiceFor } from './sources/sources.js';
export type { Standing } from './sources/standing.js';

import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from '../../shared/adapters/sqlite/database.ts';
import { surveyRows } from './readers/survey-rows.ts';
import type { SurveySaid, SurveyTask } from './survey-in-threads.ts';

// One part of a store, asked in a thread of its own. What it found goes back without being copied.
const { file, range, request } = workerData as SurveyTask;
const db = openForReading(file);
const say = (said: SurveySaid, transfer: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(said, [...transfer]);
const survey = surveyRows(db, range, request, (customers) => say({ kind: 'done', customers }));
db.close();
const { kind, value, score, rank, rest, name } = survey;
const columns = [kind, value, score, rank, rest.bytes, rest.ends, name.bytes, name.ends];
say(
  { kind: 'survey', survey },
  columns.map(({ buffer }) => buffer as ArrayBuffer),
);

import { groups, topics } from '../../shared/definitions/topics.ts';

/** Every stage's place on its topic. */
export const positions = [
  { topic: topics.webhooks, group: groups.resolveRecords },
  { topic: topics.events, group: groups.gradeCustomers },
  { topic: topics.cohorts, group: groups.rankCohorts },
  { topic: topics.changes, group: groups.actOnChanges },
] as const;

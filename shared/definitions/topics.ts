/** The five topics. Everything that moves between functions moves on one of them. */
export const topics = {
  webhooks: 'regrade.webhooks',
  events: 'regrade.events',
  cohorts: 'regrade.cohorts',
  changes: 'regrade.changes',
  dead: 'regrade.dead',
} as const;

export type Topic = (typeof topics)[keyof typeof topics];

/** One consumer group per function that reads a topic. */
export const groups = {
  resolveRecords: 'resolve-records',
  gradeCustomers: 'grade-customers',
  rankCohorts: 'rank-cohorts',
  actOnChanges: 'act-on-changes',
} as const;

export type Group = (typeof groups)[keyof typeof groups];

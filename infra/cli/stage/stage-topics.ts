import { topics } from '../../../shared/definitions/topics.ts';
import type { Stage } from '../../aws/config/stage.ts';
import type { LoadedWorkspace } from '../../node/workspace/load-workspace.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** What a stage says of its topics beyond its engine. */
export const stageTopics = ({
  retention: { topicDays, deadDays },
  stream,
}: Pick<Stage, 'retention' | 'stream'>): NonNullable<LoadedWorkspace['topics']> => ({
  retentionMs: Object.fromEntries(
    Object.values(topics).map((topic) => [topic, (topic === topics.dead ? deadDays : topicDays) * dayMs]),
  ),
  replicatesByItself: replicatesByItself(stream),
});

const replicatesByItself = (stream: Stage['stream']): boolean => {
  switch (stream.kind) {
    case 'kafka':
      return false;
    case 'msk':
      return stream.serverless;
    case 'msk-provisioned':
      return stream.type === 'express';
    case 'msk-serverless':
      return true;
  }
};

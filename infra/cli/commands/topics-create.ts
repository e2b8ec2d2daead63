import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { engineOf } from '../engine-of.ts';
import { openWorkspace } from '../open-workspace.ts';
import { topicTexts } from '../topic-texts.ts';
import type { TopicsMade } from '../topics-made.ts';

export interface TopicsCreateOptions extends GlobalOptions {
  readonly json: boolean;
}

/** Without the log's own stamp nothing is worked: everything else is a choice. */
const stamp = 'message.timestamp.type';

/** Makes the Kafka topics that are missing, and tells what differs. 1 where no stage would take a topic as it is. */
export const topicsCreate = async (
  context: CliContext,
  { json, ...options }: TopicsCreateOptions,
): Promise<ExitCode> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return 1;
  const made = await context.makeTopics(loaded, engineOf(loaded.workspace.engine, context.environment));
  context.out(json ? `${JSON.stringify(made, null, 2)}\n` : report(made, context));
  return made.differing.some(({ what }) => what === stamp) ? 1 : 0;
};

const report = ({ made, differing }: TopicsMade, { language }: CliContext): string => {
  const texts = topicTexts[language];
  return [
    ...made.map(texts.made),
    ...differing.map(({ topic, what, is, wanted }) => texts.differs(topic, what, is, wanted) + cureOf(what, texts)),
    made.length === 0 && differing.length === 0 ? texts.nothing : '',
  ].join('');
};

const cureOf = (what: string, texts: (typeof topicTexts)['en']): string => {
  if (what === 'partitions') return texts.keepPartitions;
  return what === 'replicas' ? texts.moveReplicas : texts.alter;
};

import { clusterAnswers } from '../../../shared/adapters/kafka/cluster-answers.ts';
import type { KafkaConnection } from '../../../shared/adapters/kafka/connect.ts';
import { describeTopics, topicDifferences } from '../../../shared/adapters/kafka/describe-topics.ts';
import { kafkaOffsets } from '../../../shared/adapters/kafka/offsets.ts';
import type { TopicSettings } from '../../../shared/adapters/kafka/topic-settings.ts';
import { topics } from '../../../shared/definitions/topics.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import type { Finding } from '../../cli/checkup.ts';
import { positions } from '../positions.ts';
import { brokersPatienceMs } from '../readers/brokers-answer.ts';
import { canConnect } from '../readers/can-connect.ts';
import type { CommandConnections } from '../readers/connect-for-command.ts';
import { finding } from './finding.ts';

/** TLS and sign-in on a connection that is there. */
const signInMs = 10_000;

/** Whether brokers can be reached, let us in, and have the topics; how far the groups are. */
export async function* checkBrokers(
  kafka: CommandConnections['kafka'],
  settings: TopicSettings,
): AsyncGenerator<Finding, void, undefined> {
  const connection = await connectionOr(kafka);
  if ('code' in connection) {
    yield connection;
    return;
  }
  const named = connection.brokers.join(', ');
  if (!(await canConnect(connection.brokers, brokersPatienceMs))) {
    yield finding('brokers:silent', named);
    return;
  }
  yield finding('brokers:fine', named);
  const signIn = await checkSignIn(connection);
  yield signIn;
  if (signIn.code !== 'sign-in:fine') return;
  const onTopics = await checkTopics(connection, settings);
  yield onTopics;
  if (onTopics.code !== 'topics:missing') yield await checkGroups(connection);
}

const connectionOr = async (kafka: CommandConnections['kafka']): Promise<KafkaConnection | Finding> => {
  try {
    return await kafka();
  } catch (error) {
    if (error instanceof PipelineError) return finding('brokers:odd', error.message);
    throw error;
  }
};

const checkSignIn = async (connection: KafkaConnection): Promise<Finding> => {
  try {
    return finding((await clusterAnswers(connection, signInMs)) ? 'sign-in:fine' : 'sign-in:silent');
  } catch (error) {
    if (error instanceof PipelineError) return finding('sign-in:refused', error.message);
    throw error;
  }
};

const checkTopics = async (connection: KafkaConnection, settings: TopicSettings): Promise<Finding> => {
  const described = await describeTopics(connection);
  const missing = Object.values(topics).filter((topic) => !described.has(topic));
  if (missing.length > 0) return finding('topics:missing', missing.join(', '));
  const differing = topicDifferences(described, settings);
  if (differing.length === 0) return finding('topics:fine', String(described.size), String(settings.partitions));
  const unstamped = differing.some(({ what }) => what === 'message.timestamp.type');
  const told = differing.map(({ topic, what, is, wanted }) => `${topic} ${what} ${is} (${wanted})`).join('; ');
  return finding(unstamped ? 'topics:unstamped' : 'topics:differ', told);
};

const checkGroups = async (connection: KafkaConnection): Promise<Finding> => {
  const offsets = kafkaOffsets(connection);
  const lags = await Promise.all(
    positions.map(async ({ topic, group }) => ({ group, lag: await offsets.lagOf(topic, group) })),
  );
  const behind = lags.filter(({ lag }) => lag > 0);
  if (behind.length === 0) return finding('groups:fine');
  return finding('groups:behind', behind.map(({ group, lag }) => `${group} ${lag}`).join(', '));
};

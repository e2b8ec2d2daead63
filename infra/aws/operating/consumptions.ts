import {
  type FunctionDefinition,
  type FunctionName,
  functionNames,
  functions,
} from '../../../shared/definitions/functions.ts';
import type { Group, Topic } from '../../../shared/definitions/topics.ts';

export interface Consumption {
  readonly name: FunctionName;
  readonly topic: Topic;
  readonly group: Group;
}

/** Who reads what. */
export const consumptions: readonly Consumption[] = functionNames.flatMap((name) => {
  const { calledBy }: FunctionDefinition = functions[name];
  return calledBy.kind === 'topic' ? [{ name, topic: calledBy.topic, group: calledBy.group }] : [];
});

import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { engineOf } from '../engine-of.ts';
import { openWorkspace } from '../open-workspace.ts';

/** Makes the Kafka topics and the DynamoDB table that are missing. */
export const setup = async (context: CliContext, options: GlobalOptions): Promise<ExitCode> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return 1;
  const engine = engineOf(loaded.workspace.engine, context.environment);
  const { topics, table } = await context.setUp(loaded, engine);
  const text = texts[context.language];
  for (const topic of topics) context.out(text.topic(topic));
  if (table !== undefined) context.out(text.table(table));
  if (topics.length === 0 && table === undefined) context.out(text.nothing);
  return 0;
};

const texts = {
  en: {
    topic: (name: string) => `Made the Kafka topic ${name}\n`,
    table: (name: string) => `Made the DynamoDB table ${name}\n`,
    nothing: 'Everything is there already\n',
  },
  zh: {
    topic: (name: string) => `已创建 Kafka 主题 ${name}\n`,
    table: (name: string) => `已创建 DynamoDB 表 ${name}\n`,
    nothing: '所需的一切都已存在\n',
  },
} as const;

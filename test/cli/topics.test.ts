import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import type { TopicsMade } from '../../infra/cli/topics-made.ts';
import type { Language } from '../../shared/domain/message.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';

const create = async (made: TopicsMade, argv: readonly string[] = [], language: Language = 'en') => {
  const workspace = await temporaryWorkspace();
  const terminal = fakeContext({
    language,
    makeTopics: async (_loaded, engine) => {
      expect(engine.type).toBe('kafka-dynamodb');
      return made;
    },
  });
  const code = await main(['topics', 'create', '--workspace', workspace.file, ...argv], terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

const fewer = { topic: 'regrade.events', what: 'partitions', is: '3', wanted: '12' } as const;
const unstamped = {
  topic: 'regrade.dead',
  what: 'message.timestamp.type',
  is: 'CreateTime',
  wanted: 'LogAppendTime',
} as const;

describe('regrade topics create', () => {
  it('says what was made, and what is otherwise with what to do', async () => {
    expect(await create({ made: ['acme.regrade.webhooks'], differing: [fewer] })).toEqual({
      code: 0,
      out: 'Made the Kafka topic acme.regrade.webhooks\nregrade.events has partitions 3; the settings say 12\n    → correct the settings: with other partitions the records of a key would move\n',
      err: '',
    });
  });

  it('ends with 1 for a topic that the log does not stamp', async () => {
    const { code, out } = await create({ made: [], differing: [unstamped] });
    expect(code).toBe(1);
    expect(out).toContain('kafka-configs.sh');
  });

  it('says so where there is nothing to do', async () => {
    expect((await create({ made: [], differing: [] }, [], 'zh')).out).toBe('主题齐全，且与设置相符\n');
  });

  it('gives a program both lists', async () => {
    const { out } = await create({ made: ['a'], differing: [fewer] }, ['--json']);
    expect(JSON.parse(out)).toEqual({ made: ['a'], differing: [fewer] });
  });
});

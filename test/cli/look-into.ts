import { expect } from 'vitest';
import * as z from 'zod';
import { main } from '../../infra/cli/main.ts';
import type { NodeReader } from '../../infra/cli/reader.ts';
import type { Language } from '../../shared/domain/message.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext, fakeReader } from './fake-context.ts';

export interface Looked {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command that reads the store, over a fake one that it must close exactly once. */
export const lookInto = async (
  reader: Partial<NodeReader>,
  argv: readonly string[],
  language: Language = 'en',
): Promise<Looked> => {
  const workspace = await temporaryWorkspace();
  const fake = fakeReader(reader);
  const terminal = fakeContext({ language, openReader: async () => fake });
  const code = await main([...argv, '--workspace', workspace.file], terminal.context);
  expect(fake.closed()).toBe(1);
  return { code, out: terminal.out, err: terminal.err };
};

export const jsonOf = (text: string): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(text));

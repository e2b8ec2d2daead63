import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { printable } from '../print-table.ts';
import { secretsTexts } from '../secrets/secrets-texts.ts';
import { withStageSecrets } from '../secrets/with-stage-secrets.ts';

export interface SecretsSetOptions extends GlobalOptions {
  readonly name: string;
}

/** Puts what stands on standard input under one name, wherever a stage keeps that. */
export const secretsSet = (context: CliContext, { name, ...options }: SecretsSetOptions): Promise<ExitCode> =>
  withStageSecrets(context, options, async ({ desk, wanted }) => {
    const texts = secretsTexts[context.language];
    const holding = wanted.filter(({ names }) => names.includes(name));
    if (holding.length === 0) {
      context.err(
        `regrade: ${texts.unknownName(printable(name), [...new Set(wanted.flatMap(({ names }) => names))].join(', '))}`,
      );
      return 1;
    }
    const input = await context.readInput();
    const value = input?.trim();
    if (value === undefined || value === '') {
      context.err(`regrade: ${value === undefined ? texts.fromInput(name) : texts.empty}`);
      return 1;
    }
    for (const { id } of holding) {
      const answer = await desk.set(id, name, value);
      if (answer.outcome !== 'put') {
        context.err(`regrade: ${texts.unread(id, texts.why(answer))}`);
        return 1;
      }
      context.out(texts.put(name, id));
    }
    return 0;
  });

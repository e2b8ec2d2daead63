import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { printTable } from '../print-table.ts';
import { type ReadSecret, readKept } from '../secrets/kept-secrets.ts';
import { secretsTexts } from '../secrets/secrets-texts.ts';
import { withStageSecrets } from '../secrets/with-stage-secrets.ts';

export interface SecretsListOptions extends GlobalOptions {
  readonly json: boolean;
}

/** Which names the workspace wants, and which have a value. 1 where one has none, or that is not known. */
export const secretsList = (context: CliContext, { json, ...options }: SecretsListOptions): Promise<ExitCode> =>
  withStageSecrets(context, options, async ({ desk, wanted }) => {
    const texts = secretsTexts[context.language];
    const read = await Promise.all(wanted.map((secret) => readKept(desk, secret)));
    for (const { secret, answer } of read)
      if (answer.outcome !== 'read') context.err(`regrade: ${texts.unread(secret.id, texts.why(answer))}`);
    const rows = read.flatMap(rowsOf);
    if (json) context.out(`${JSON.stringify(rows, null, 2)}\n`);
    else context.out(rows.length === 0 ? texts.none : tableOf(rows, context));
    return rows.every(({ state }) => state === 'filled') ? 0 : 1;
  });

interface Row {
  readonly purpose: string;
  readonly secret: string;
  readonly name: string;
  readonly state: 'filled' | 'empty' | 'unread';
}

const rowsOf = ({ secret: { purpose, id, names }, answer, missing }: ReadSecret): readonly Row[] =>
  names.map((name) => {
    const state = answer.outcome !== 'read' ? 'unread' : missing.includes(name) ? 'empty' : 'filled';
    return { purpose, secret: id, name, state };
  });

const tableOf = (rows: readonly Row[], { language }: CliContext): string => {
  const { columns, states } = secretsTexts[language];
  return printTable(
    [columns.purpose, columns.secret, columns.name, columns.state].map((title) => ({ title })),
    rows.map(({ purpose, secret, name, state }) => [purpose, secret, name, states[state]]),
  );
};

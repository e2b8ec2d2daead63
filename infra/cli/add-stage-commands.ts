import type { Command } from 'commander';
import { doctor } from './commands/doctor.ts';
import { secretsList } from './commands/secrets-list.ts';
import { secretsSet } from './commands/secrets-set.ts';
import { topicsCreate } from './commands/topics-create.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { doctorTexts } from './doctor/doctor-texts.ts';
import { engineOption, examples, type Finish, jsonOptions } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';
import { secretsTexts } from './secrets/secrets-texts.ts';
import { topicTexts } from './topic-texts.ts';

/** What it takes to bring a deployment up and keep it well: `doctor`, `topics`, `secrets`. */
export const addStageCommands = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  program
    .command('doctor')
    .description(doctorTexts[context.language].doctor)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText('after', examples(texts, ['regrade doctor', 'regrade doctor --stage prod', 'regrade doctor --json']))
    .action((_options, command: Command) => finish(doctor(context, jsonOptions(command))));
  addTopics(program, context, texts, finish);
  addSecrets(program, context, texts, finish);
};

const addTopics = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = topicTexts[context.language];
  program
    .command('topics')
    .description(says.topics)
    .addHelpText('after', examples(texts, ['regrade topics create --stage prod']))
    .command('create')
    .description(says.create)
    .option('--json', texts.json)
    .addHelpText('after', examples(texts, ['regrade topics create', 'regrade topics create --stage prod --json']))
    .action((_options, command: Command) => finish(topicsCreate(context, jsonOptions(command))));
};

const addSecrets = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const says = secretsTexts[context.language];
  const secrets = program
    .command('secrets')
    .description(says.secrets)
    .addHelpText('after', examples(texts, ['regrade secrets list --stage prod']));
  secrets
    .command('list')
    .description(says.list)
    .option('--json', texts.json)
    .addHelpText('after', examples(texts, ['regrade secrets list --stage prod']))
    .action((_options, command: Command) => finish(secretsList(context, jsonOptions(command))));
  secrets
    .command('set')
    .description(says.set)
    .argument('<name>', says.name)
    .addHelpText('after', examples(texts, ['regrade secrets set ZOHO_CLIENT_SECRET --stage prod < secret.txt']))
    .action((name: string, _options, command: Command) =>
      finish(secretsSet(context, { ...command.optsWithGlobals<GlobalOptions>(), name })),
    );
};

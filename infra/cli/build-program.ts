import { Command, Option } from 'commander';
import { addAwsCommands } from './add-aws-commands.ts';
import { addCustomerCommands } from './add-customer-commands.ts';
import { addDeadCommands } from './add-dead-commands.ts';
import { addEngineCommands } from './add-engine-commands.ts';
import { addFitCommand } from './add-fit-command.ts';
import { addModelCommands } from './add-model-commands.ts';
import { addPublishCommands } from './add-publish-commands.ts';
import { addStageCommands } from './add-stage-commands.ts';
import { check } from './commands/check.ts';
import { explain } from './commands/explain.ts';
import { init } from './commands/init.ts';
import { schema } from './commands/schema.ts';
import { type StartOptions, start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { verify } from './commands/verify.ts';
import { verifyCohorts } from './commands/verify-cohorts.ts';
import type { CliContext, ExitCode, GlobalOptions } from './context.ts';
import { engineOption, examples, type Finish, jsonOptions, positive } from './program-parts.ts';
import { type ProgramTexts, programTexts } from './program-texts.ts';
import { stageTexts } from './stage/stage-texts.ts';

export interface Program {
  /** Throws commander's error when the arguments are not understood, and after help or version were shown. */
  run(argv: readonly string[]): Promise<ExitCode>;
}

/** The whole command line: what can be said, and what each word does. */
export const buildProgram = (context: CliContext, version: string): Program => {
  const texts = programTexts[context.language];
  let exitCode: ExitCode = 0;
  const finish = async (work: Promise<ExitCode>): Promise<void> => {
    exitCode = await work;
  };
  const program = createRoot(context, texts, version);
  addFileCommands(program, context, texts, finish);
  addLookingCommands(program, context, texts, finish);
  addCustomerCommands(program, context, texts, finish);
  addModelCommands(program, context, texts, finish);
  addPublishCommands(program, context, texts, finish);
  addEngineCommands(program, context, texts, finish);
  addStageCommands(program, context, texts, finish);
  addDeadCommands(program, context, texts, finish);
  addFitCommand(program, context, texts, finish);
  addAwsCommands(program, context, texts, finish);
  return {
    run: async (argv) => {
      await program.parseAsync(argv, { from: 'user' });
      return exitCode;
    },
  };
};

const createRoot = (context: CliContext, texts: ProgramTexts, version: string): Command =>
  new Command('regrade')
    .description(texts.about)
    // commander tells what it did not understand through its error; one place prints it
    .configureOutput({ writeOut: context.out, writeErr: context.out, outputError: () => undefined })
    .configureHelp({
      styleTitle: (title) => texts.titles[title] ?? title,
      optionDescription: ({ description, defaultValue }) =>
        defaultValue === undefined ? description : `${description}${texts.default(String(defaultValue))}`,
      showGlobalOptions: true,
    })
    .exitOverride()
    .version(version, '-V, --version', texts.version)
    .helpOption('-h, --help', texts.help)
    .helpCommand('help [command]', texts.helpCommand)
    .addOption(new Option('-w, --workspace <file>', texts.workspace).default('regrade.yaml'))
    .option('--stage <stage>', stageTexts[context.language].stage)
    .addOption(new Option('--language <language>', texts.language).choices(['en', 'zh']))
    .addHelpText(
      'after',
      examples(texts, ['regrade init', 'regrade check', 'regrade start', 'regrade explain account:shop:42']),
    );

const addFileCommands = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  program
    .command('init')
    .description(texts.init)
    .argument('[folder]', texts.initFolder, '.')
    .option('--force', texts.force)
    .addHelpText(
      'after',
      examples(texts, ['regrade init', 'regrade init acme', 'regrade init acme --force', 'regrade init --language zh']),
    )
    .action((folder: string, { force = false }: { force?: boolean }) => finish(init(context, { folder, force })));
  program
    .command('check')
    .description(texts.check)
    .option('--json', texts.json)
    .addHelpText(
      'after',
      examples(texts, ['regrade check', 'regrade check --workspace acme/regrade.yaml', 'regrade check --json']),
    )
    .action((_options, command: Command) => finish(check(context, jsonOptions(command))));
  program
    .command('start')
    .description(texts.start)
    .option('--demo', texts.demo)
    .option('--speed <days>', texts.speed, positive(texts))
    .option('--fresh', texts.fresh)
    .option('--port <port>', texts.demoPort, positive(texts))
    .option('--plain', texts.plain)
    .option('--exit', texts.exit)
    .addOption(new Option('--engine <engine>', texts.startEngine).choices(['embedded', 'kafka-dynamodb']))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade start',
        'regrade start --workspace acme/regrade.yaml',
        'regrade start --engine kafka-dynamodb',
        'npm start',
        'npm start -- --speed 10 --fresh',
      ]),
    )
    .action((_options, command: Command) => finish(start(context, command.optsWithGlobals<StartOptions>())));
  program
    .command('schema')
    .description(texts.schema)
    .option('--out <folder>', texts.out)
    .addHelpText('after', examples(texts, ['regrade schema', 'regrade schema --out .vscode/schemas']))
    .action((_options, command: Command) =>
      finish(schema(context, command.optsWithGlobals<GlobalOptions & { out?: string }>())),
    );
};

const addLookingCommands = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  program
    .command('explain')
    .description(texts.explain)
    .argument('<customer>', texts.customer)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText(
      'after',
      examples(texts, ['regrade explain account:shop:42', 'regrade explain 42', 'regrade explain "Acme Ltd" --json']),
    )
    .action((customer: string, _options, command: Command) =>
      finish(explain(context, { ...jsonOptions(command), customer })),
    );
  program
    .command('status')
    .description(texts.status)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText('after', examples(texts, ['regrade status', 'regrade status --json']))
    .action((_options, command: Command) => finish(status(context, jsonOptions(command))));
  program
    .command('verify')
    .description(texts.verify)
    .argument('[customer]', texts.verifyCustomer)
    .option('--cohorts', texts.verifyCohorts)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade verify',
        'regrade verify account:shop:42',
        'regrade verify --cohorts',
        'regrade verify --json',
      ]),
    )
    .action((customer: string | undefined, { cohorts = false }: { cohorts?: boolean }, command: Command) => {
      if (customer !== undefined && cohorts) command.error(texts.customerOrCohorts);
      const options = jsonOptions(command);
      return finish(
        cohorts
          ? verifyCohorts(context, options)
          : verify(context, { ...options, ...(customer === undefined ? {} : { customer }) }),
      );
    });
};

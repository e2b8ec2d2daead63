import type { Command } from 'commander';
import { type DeadListOptions, deadList } from './commands/dead-list.ts';
import { type DeadReplayOptions, deadReplay } from './commands/dead-replay.ts';
import { type DeadShowOptions, deadShow } from './commands/dead-show.ts';
import type { CliContext } from './context.ts';
import { engineOption, examples, type Finish, positive, positiveWhole, viaOption } from './program-parts.ts';
import type { ProgramTexts } from './program-texts.ts';

/** `regrade dead list | show | replay`. */
export const addDeadCommands = (program: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  const dead = program
    .command('dead')
    .description(texts.dead)
    .addHelpText(
      'after',
      examples(texts, ['regrade dead list', 'regrade dead show 9f2c4e1ab0', 'regrade dead replay --dry-run']),
    );
  addList(dead, context, texts, finish);
  addShow(dead, context, texts, finish);
  addReplay(dead, context, texts, finish);
};

const filtered = (command: Command, { deadFilters }: ProgramTexts): Command =>
  command
    .option('--reason <code>', deadFilters.reason)
    .option('--connection <name>', deadFilters.connection)
    .option('--function <name>', deadFilters.function)
    .option('--since <instant>', deadFilters.since)
    .option('--until <instant>', deadFilters.until)
    .option('--id <id>', deadFilters.id);

const addList = (dead: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  filtered(dead.command('list').description(texts.deadList), texts)
    .option('--limit <count>', texts.deadLimit, positiveWhole(texts), 100)
    .option('--file <path>', texts.file)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade dead list',
        'regrade dead list --since 2h --reason unreadable-hint',
        'regrade dead list --connection zoho-eu --json',
        'regrade dead list --file failed-invocations/',
      ]),
    )
    .action((_options, command: Command) =>
      finish(deadList(context, { json: false, ...command.optsWithGlobals<Omit<DeadListOptions, 'json'>>() })),
    );
};

const addShow = (dead: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  dead
    .command('show')
    .description(texts.deadShow)
    .argument('<id>', texts.deadId)
    .option('--file <path>', texts.file)
    .option('--json', texts.json)
    .addOption(engineOption(texts))
    .addHelpText('after', examples(texts, ['regrade dead show 9f2c4e1ab0', 'regrade dead show 9f2c4e1a --json']))
    .action((id: string, _options, command: Command) =>
      finish(
        deadShow(context, { json: false, ...command.optsWithGlobals<Omit<DeadShowOptions, 'json' | 'id'>>(), id }),
      ),
    );
};

const addReplay = (dead: Command, context: CliContext, texts: ProgramTexts, finish: Finish): void => {
  filtered(dead.command('replay').description(texts.deadReplay), texts)
    .option('--dry-run', texts.dryRun)
    .option('--again', texts.again)
    .option('--force', texts.forceGarbage)
    .option('--rate <records>', texts.rate, positive(texts), 50)
    .option('--limit <count>', texts.replayLimit, positiveWhole(texts))
    .option('--file <path>', texts.file)
    .addOption(viaOption(context))
    .addOption(engineOption(texts))
    .addHelpText(
      'after',
      examples(texts, [
        'regrade dead replay --dry-run',
        'regrade dead replay --id 9f2c4e1ab0',
        'regrade dead replay --reason unknown-connection --since 3d --rate 200',
        'regrade dead replay --file failed-invocations/',
      ]),
    )
    .action((_options, command: Command) => finish(deadReplay(context, command.optsWithGlobals<DeadReplayOptions>())));
};

/** Who may import whom. Rooms are the folders of the tree; data flows one way through them. */
const room = (name) => `^shared/${name}/`;
const own = ['^shared/', '^functions/', '^infra/', '^test/'];

/** A room may import itself, the rooms named, and the packages named; nothing else of ours and no other package. */
const mayOnly = (name, from, rooms, packages = []) => [
  {
    name: `${name}: rooms`,
    severity: 'error',
    from: { path: from },
    to: { path: own, pathNot: [from, ...rooms] },
  },
  {
    name: `${name}: packages`,
    severity: 'error',
    from: { path: from },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'], pathNot: packages.map((each) => `node_modules/${each}/`) },
  },
];

const noNode = (name, from) => ({ name: `${name}: no node`, severity: 'error', from: { path: from }, to: { dependencyTypes: ['core'] } });

export default {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...mayOnly('definitions', room('definitions'), [], ['zod']),
    noNode('definitions', room('definitions')),
    ...mayOnly('domain', room('domain'), [room('definitions')], ['zod', 'temporal-polyfill']),
    noNode('domain', room('domain')),
    ...mayOnly('grading', room('grading'), [room('definitions'), room('domain')], ['zod', 'temporal-polyfill']),
    noNode('grading', room('grading')),
    ...mayOnly('ports', room('ports'), [room('definitions'), room('domain'), room('grading')]),
    noNode('ports', room('ports')),
    ...mayOnly('usecases', room('usecases'), [room('definitions'), room('domain'), room('grading'), room('ports')]),
    noNode('usecases', room('usecases')),
    ...mayOnly('runtime', room('runtime'), [room('definitions'), room('ports'), '^shared/domain/(pipeline-error|instant|ledger|ids)\\.ts$'], ['pino', 'zod']),
    ...['channels', 'crm', 'dynamodb', 'kafka', 'lambda', 'memory', 'metrics', 'sqlite'].flatMap((adapter) => [
      {
        name: `adapter ${adapter}: rooms`,
        severity: 'error',
        from: { path: `^shared/adapters/${adapter}/` },
        to: { path: own, pathNot: [`^shared/adapters/${adapter}/`, room('definitions'), room('domain'), room('ports'), room('runtime')] },
      },
    ]),
    {
      name: 'one function does not import another',
      severity: 'error',
      from: { path: '^functions/([^/]+)/', pathNot: '^functions/(ground|keep-time)/' },
      to: { path: '^functions/', pathNot: ['^functions/$1/', '^functions/ground/'] },
    },
    {
      // the clock drives what the stages have wired; it takes no more of them
      name: 'keep-time imports wiring alone',
      severity: 'error',
      from: { path: '^functions/keep-time/' },
      to: { path: '^functions/', pathNot: ['^functions/keep-time/', '^functions/ground/', '^functions/[^/]+/wire\\.ts$'] },
    },
    {
      name: 'the ground stands on no function',
      severity: 'error',
      from: { path: '^functions/ground/' },
      to: { path: '^functions/', pathNot: '^functions/ground/' },
    },
    { name: 'functions know nothing of where they run', severity: 'error', from: { path: '^functions/' }, to: { path: '^infra/' } },
    ...mayOnly('aws stage config', '^infra/aws/config/', [room('definitions'), '^infra/aws/cost/', '^infra/node/workspace/', '^shared/domain/message\\.ts$'], ['yaml', 'zod']),
    ...mayOnly('aws bill', '^infra/aws/cost/', [room('definitions'), '^infra/aws/config/', '^infra/node/workspace/'], ['yaml', 'zod']),
    ...mayOnly(
      'aws stacks',
      '^infra/aws/(compute|data|network|operating|stacks)/',
      [room('definitions'), '^infra/aws/'],
      ['aws-cdk-lib', 'constructs', 'cdk-nag', 'yaml', 'zod'],
    ),
    {
      name: 'the product asks the AWS room for stage files and the bill alone',
      severity: 'error',
      from: { path: ['^shared/', '^functions/', '^infra/'], pathNot: '^infra/aws/' },
      to: { path: '^infra/aws/', pathNot: '^infra/aws/(config|cost)/' },
    },
    { name: 'nobody imports tests', severity: 'error', from: { path: ['^shared/', '^functions/', '^infra/'] }, to: { path: '^test/' } },
    { name: 'the product runs without development packages', severity: 'error', from: { path: ['^shared/', '^functions/', '^infra/'], pathNot: '^infra/aws/' }, to: { dependencyTypes: ['npm-dev'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.mjs', '.js'] },
  },
};

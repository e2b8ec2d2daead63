import type { Language } from '../../../shared/domain/message.ts';

const deploy = (stage: string): string => `npx cdk deploy --all -c stage=${stage} --outputs-file cdk-outputs.json`;

const english = {
  stage:
    'a stage on AWS, by its name in infra/aws/config or by its file: says workspace and engine. AWS credentials as the SDK finds them (AWS_PROFILE …)',
  noBrokers: (stage: string, file: string) =>
    `nobody says where the brokers of stage ${stage} are: ${file} does not tell\n    → run \`${deploy(stage)}\` once more, or set KAFKA_BROKERS\n`,
  oddOutputs: (file: string, stage: string) =>
    `${file} is no file of outputs as cdk writes it\n    → remove it, and run \`${deploy(stage)}\`\n`,
  notEmbedded: 'a stage on AWS does not run on the embedded engine\n    → leave out --stage or --engine\n',
};

export type StageTexts = typeof english;

const chinese: StageTexts = {
  stage:
    'AWS 上的部署环境：infra/aws/config 中的名称，或其文件；由它指定工作区和引擎。AWS 凭证按 SDK 的方式查找（AWS_PROFILE 等）',
  noBrokers: (stage, file) =>
    `无法得知环境 ${stage} 的消息代理地址：${file} 中没有\n    → 请再运行一次 \`${deploy(stage)}\`，或设置 KAFKA_BROKERS\n`,
  oddOutputs: (file, stage) => `${file} 不是 cdk 写出的输出文件\n    → 请删除它，再运行 \`${deploy(stage)}\`\n`,
  notEmbedded: 'AWS 上的环境不使用内置引擎\n    → 请去掉 --stage 或 --engine\n',
};

export const stageTexts: Readonly<Record<Language, StageTexts>> = { en: english, zh: chinese };

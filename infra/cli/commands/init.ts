import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '../../../shared/domain/message.ts';
import type { CliContext, ExitCode } from '../context.ts';
import { schemaFolder, writeSchemas } from './schema.ts';

export interface InitOptions {
  readonly folder: string;
  /** Write over what is there. */
  readonly force: boolean;
}

const templates = fileURLToPath(new URL('../templates/', import.meta.url));
const written = ['regrade.yaml', join('models', 'existing-abc.yaml'), join('playbooks', 'default.yaml')];

/** Writes a workspace that can start as it is: all of its files, or none when one of them is there already. */
export const init = async (context: CliContext, { folder, force }: InitOptions): Promise<ExitCode> => {
  const text = texts[context.language];
  const taken = force ? [] : await existing(written.map((file) => join(folder, file)));
  if (taken.length > 0) {
    context.err(text.taken(taken));
    return 1;
  }
  for (const file of written) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), await readTemplate(file, context.language));
  }
  await writeSchemas(join(folder, schemaFolder));
  context.out(
    text.done(
      written.map((file) => join(folder, file)),
      folder,
    ),
  );
  return 0;
};

const readTemplate = (file: string, language: Language): Promise<string> =>
  readFile(join(templates, language, file), 'utf8');

const existing = async (files: readonly string[]): Promise<string[]> => {
  const found = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => [file],
        () => [],
      ),
    ),
  );
  return found.flat();
};

const enter = (folder: string): string =>
  folder === '.' ? '' : `  cd ${/^[\w./-]+$/.test(folder) ? folder : JSON.stringify(folder)}\n`;

const texts = {
  en: {
    taken: (files: readonly string[]) =>
      `Nothing was written: ${files.join(', ')} ${files.length === 1 ? 'exists' : 'exist'} already. Choose another folder, or write over with --force.\n`,
    done: (files: readonly string[], folder: string) => `Written: ${files.join(', ')}

Next:
${enter(folder)}  export SHOP_WEBHOOK_SECRET=$(openssl rand -hex 32) ALERT_WEBHOOK_SECRET=whsec_$(openssl rand -base64 32)
  npx regrade check
  npx regrade start

regrade.yaml shows the webhook your CRM should send, and how to connect Zoho CRM or FXiaoKe.
`,
  },
  zh: {
    taken: (files: readonly string[]) =>
      `未写入任何文件：${files.join('、')} 已存在。请换一个文件夹，或用 --force 覆盖。\n`,
    done: (files: readonly string[], folder: string) => `已写入：${files.join('、')}

接下来：
${enter(folder)}  export SHOP_WEBHOOK_SECRET=$(openssl rand -hex 32) ALERT_WEBHOOK_SECRET=whsec_$(openssl rand -base64 32)
  npx regrade check
  npx regrade start

regrade.yaml 里写明了 CRM 应发送的 webhook，以及如何连接 Zoho CRM 或纷享销客。
`,
  },
} as const;

import type { Language } from '../../shared/domain/message.ts';
import { type FailureCode, PipelineError } from '../../shared/domain/pipeline-error.ts';

/** What went wrong and what to do, without a stack trace. */
export const describeFailure = (error: unknown, language: Language): string => {
  const message = error instanceof Error ? error.message : String(error);
  const cure = cureOf(error, language);
  return `regrade: ${message}\n${cure === undefined ? '' : `    → ${cure}\n`}`;
};

const cureOf = (error: unknown, language: Language): string | undefined => {
  const { failures, system, debug } = texts[language];
  if (error instanceof PipelineError) return failures[error.code];
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return system[code] ?? debug;
};

interface FailureTexts {
  /** Only where the failure's own message does not say what to do. */
  readonly failures: Readonly<Partial<Record<FailureCode, string>>>;
  /** By the system's own codes. */
  readonly system: Readonly<Record<string, string>>;
  readonly debug: string;
}

const texts: Readonly<Record<Language, FailureTexts>> = {
  en: {
    failures: {
      STORE_UNAVAILABLE: 'if a node is just starting, try again in a moment',
      STORE_FULL: 'free some space on the disk of the data folder, then start again: nothing acknowledged was lost',
      STORE_CORRUPT: 'restore the data folder from a backup; keep the damaged one for inspection',
      CONFIG_INVALID: 'run `regrade doctor`, cure what it names, and try again',
      NOT_SET_UP: 'make it with `regrade setup`, or correct `engine` in the workspace file',
      STREAM_UNAVAILABLE: 'check that the broker can be reached, then try again',
    },
    system: {
      EADDRINUSE: 'the port is taken: stop the other program, or change listen.port in the workspace file',
      EADDRNOTAVAIL: 'this machine has no such address: change listen.host in the workspace file',
      EACCES: 'give this user the right to use that file, folder or port',
      EPERM: 'give this user the right to use that file or folder',
      EROFS: 'choose a folder that can be written to',
      ENOSPC: 'free some space on the disk, then try again',
      ENOTDIR: 'a file stands where a folder is needed: choose another path',
      EEXIST: 'a file stands where a folder is needed: choose another path',
    },
    debug: 'run it again with REGRADE_DEBUG=1 to see where it happened',
  },
  zh: {
    failures: {
      STORE_IN_USE: '已有另一个节点在使用此工作区：请先停止它，或改用别的数据文件夹',
      STORE_UNAVAILABLE: '存储建立了吗？`regrade start` 会创建它；否则请稍后再试',
      STORE_FULL: '请清理数据文件夹所在磁盘后重新启动：已确认的内容没有丢失',
      STORE_CORRUPT: '请从备份恢复数据文件夹，并保留损坏的那份以便检查',
      CONFIG_INVALID: '请运行 `regrade doctor`，解决它指出的问题后再试',
      NOT_SET_UP: '请用 `regrade setup` 创建，或修正工作区文件中的 `engine`',
      STREAM_UNAVAILABLE: '请确认消息代理可以连接，然后再试',
    },
    system: {
      EADDRINUSE: '端口已被占用：请停止占用它的程序，或修改工作区文件中的 listen.port',
      EADDRNOTAVAIL: '本机没有此地址：请修改工作区文件中的 listen.host',
      EACCES: '请给当前用户使用该文件、文件夹或端口的权限',
      EPERM: '请给当前用户使用该文件或文件夹的权限',
      EROFS: '请选择可写的文件夹',
      ENOSPC: '请清理磁盘空间后再试',
      ENOTDIR: '需要文件夹的地方是一个文件：请换一个路径',
      EEXIST: '需要文件夹的地方是一个文件：请换一个路径',
    },
    debug: '加上 REGRADE_DEBUG=1 再运行一次，可看到出错位置',
  },
};

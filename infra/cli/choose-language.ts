import type { Language } from '../../shared/domain/message.ts';

/** What `--language` says, otherwise the locale (in POSIX order: LC_ALL, LC_MESSAGES, LANG), otherwise English. */
export const chooseLanguage = (
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language => {
  const asked = optionValue(argv, '--language');
  if (asked === 'zh' || asked === 'en') return asked;
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => environment[name] ?? '').find((value) => value !== '');
  return /^zh/i.test(locale ?? '') ? 'zh' : 'en';
};

const optionValue = (argv: readonly string[], name: string): string | undefined => {
  const index = argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`));
  const argument = argv[index];
  return argument === undefined ? undefined : argument === name ? argv[index + 1] : argument.slice(name.length + 1);
};

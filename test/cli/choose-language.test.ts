import { describe, expect, it } from 'vitest';
import { chooseLanguage } from '../../infra/cli/choose-language.ts';

describe('chooseLanguage', () => {
  it.each([
    [['check', '--language', 'zh'], { LANG: 'en_GB.UTF-8' }, 'zh'],
    [['--language=en', 'check'], { LANG: 'zh_CN.UTF-8' }, 'en'],
    [['check'], { LANG: 'zh_TW.UTF-8' }, 'zh'],
    [['check'], { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
    [['check'], { LANG: 'en_GB.UTF-8', LC_MESSAGES: 'zh_CN' }, 'zh'],
    [['check'], { LANG: '' }, 'en'],
    [['check', '--language', 'fr'], {}, 'en'],
  ] as const)('of %j in %j is %s', (argv, environment, language) => {
    expect(chooseLanguage(argv, environment)).toBe(language);
  });
});

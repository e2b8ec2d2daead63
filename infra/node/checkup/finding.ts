import type { Finding, FindingCode } from '../../cli/checkup.ts';

export const finding = (code: FindingCode, ...says: readonly string[]): Finding => ({ code, says });

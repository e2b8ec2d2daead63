import type { Channel } from '../../ports/channel.ts';
import type { CrmWriter } from '../../ports/crm.ts';
import { sendResultOf } from './crm-outcome.ts';

export interface CrmGradeOptions {
  readonly writer: Pick<CrmWriter, 'writeGrade'>;
  readonly perMinute?: number | undefined;
  readonly onUnknown: 'resend' | 'hold';
}

/** The grade, written to the customer's record. Writing it twice is writing it once: as good as a key. */
export const crmGradeChannel = ({ writer, perMinute, onUnknown }: CrmGradeOptions): Channel => ({
  keyed: true,
  onUnknown,
  ...(perMinute === undefined ? {} : { perMinute }),
  concurrency: 2,
  digestBy: 'never',
  send: async ({ customer, content }) => {
    if (content.kind !== 'grade')
      return { outcome: 'refused', reason: `a grade channel cannot bring a ${content.kind}` };
    const { grade, score, at } = content;
    return sendResultOf(() => writer.writeGrade({ customer, grade, score, at }));
  },
});

import type { Channel } from '../../ports/channel.ts';
import type { CrmWriter } from '../../ports/crm.ts';
import { sendResultOf } from './crm-outcome.ts';

export interface CrmTaskOptions {
  readonly writer: Pick<CrmWriter, 'createTask'>;
  /** Whether the CRM keeps a field with our key unique: then a repeat finds the first task. */
  readonly keyed: boolean;
  readonly perMinute?: number | undefined;
  readonly onUnknown: 'resend' | 'hold';
}

/** Tasks for people, in the CRM they work in. */
export const crmTaskChannel = ({ writer, keyed, perMinute, onUnknown }: CrmTaskOptions): Channel => ({
  keyed,
  onUnknown,
  ...(perMinute === undefined ? {} : { perMinute }),
  concurrency: 2,
  digestBy: 'never',
  send: async ({ id, customer, content }) => {
    if (content.kind !== 'task') return { outcome: 'refused', reason: `a task channel cannot bring a ${content.kind}` };
    const { subject, text, due, owner, priority } = content;
    return sendResultOf(() =>
      writer.createTask({
        key: id,
        customer,
        subject,
        description: text,
        due,
        priority,
        ...(owner === undefined ? {} : { owner }),
      }),
    );
  },
});

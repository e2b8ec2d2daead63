import * as z from 'zod';
import type { AlarmWord } from '../../domain/alarm-word.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';

/** What SNS calls a function with (docs.aws.amazon.com/lambda/latest/dg/with-sns.html), as far as we read it. */
const SnsEvent = z.object({
  Records: z
    .array(
      z.object({
        Sns: z.object({
          MessageId: z.string().min(1),
          Timestamp: z.iso.datetime(),
          Subject: z.string().nullish(),
          Message: z.string(),
        }),
      }),
    )
    .min(1),
});

/** What CloudWatch tells of an alarm (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html). */
const Alarm = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string().nullish(),
  NewStateValue: z.string(),
  NewStateReason: z.string().default(''),
});

/**
 * The alarms of one call. What somebody else put on the topic is told as it is.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, for a call that is none of SNS.
 */
export const alarmWords = (event: unknown): readonly AlarmWord[] => {
  const parsed = SnsEvent.safeParse(event);
  if (!parsed.success)
    throw new PipelineError('CONFIG_INVALID', 'only a topic of SNS may call this function', { retryable: false });
  return parsed.data.Records.map(({ Sns: { MessageId: message, Timestamp, Subject, Message: text } }) => {
    const at = Date.parse(Timestamp);
    const alarm = alarmIn(text);
    return alarm === undefined
      ? { message, at, name: Subject ?? '', state: 'other', says: [text] }
      : { message, at, ...alarm };
  });
};

const alarmIn = (text: string): Pick<AlarmWord, 'name' | 'state' | 'says'> | undefined => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = Alarm.safeParse(json);
  if (!parsed.success) return undefined;
  const { AlarmName, AlarmDescription, NewStateValue, NewStateReason } = parsed.data;
  const says = [AlarmDescription ?? '', NewStateReason].filter((line) => line !== '');
  return { name: AlarmName, state: states.get(NewStateValue) ?? 'other', says };
};

const states: ReadonlyMap<string, AlarmWord['state']> = new Map([
  ['ALARM', 'on'],
  ['OK', 'over'],
]);

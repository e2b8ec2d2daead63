import { type AlarmWord, type AlarmWording, sayAlarm } from '../domain/alarm-word.ts';
import { PipelineError } from '../domain/pipeline-error.ts';
import { type Channel, type Notice, resends } from '../ports/channel.ts';
import type { Log } from '../ports/log.ts';

export interface TellAlarmsDeps extends AlarmWording {
  readonly channel: Required<Pick<Channel, 'notify'>> & Pick<Channel, 'onUnknown' | 'keyed'>;
  readonly recipients: readonly string[];
  /** 64 hex digits. */
  readonly hash: (text: string) => string;
  readonly log: Log;
}

/**
 * Tells alarms on a channel, one after the other. It goes by nothing that is stored, since that may be what the alarm is about: who calls
 * it calls again when it throws, and a message has the same id each time.
 *
 * @throws {PipelineError} `CHANNEL_FAILED`, for what may yet be told, or never will.
 */
export const tellAlarms =
  ({ channel, recipients, hash, log, ...wording }: TellAlarmsDeps) =>
  async (words: readonly AlarmWord[]): Promise<void> => {
    for (const word of words) {
      const id = `ntc_${hash(word.message).slice(0, 32)}`;
      const notice: Notice = { id, recipients, at: word.at, ...sayAlarm(word, wording) };
      const result = await channel.notify(notice);
      if (result.outcome === 'delivered') continue;
      log.error({ stage: 'tell-alarms', alarm: word.name, outcome: result.outcome, reason: result.reason }, 'not told');
      // it may have arrived, and told twice it would stand there twice: the channel says whether that is wanted
      if (result.outcome === 'unknown' && !resends(channel)) continue;
      throw new PipelineError('CHANNEL_FAILED', `an alarm could not be told: ${result.reason}`, {
        retryable: result.outcome !== 'refused',
      });
    }
  };

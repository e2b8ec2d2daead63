import { openChannel } from '../../shared/adapters/channels/open-channel.ts';
import { alarmWords } from '../../shared/adapters/lambda/alarm-event.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../shared/definitions/workspace.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { tellAlarms } from '../../shared/usecases/tell-alarms.ts';

export interface TellAlarmsParts {
  readonly workspace: Workspace;
  /** Where alarms are told, and whom they name there. */
  readonly alarms: { readonly channel: string | undefined; readonly recipients: readonly string[] };
  readonly resolveSecret: (ref: SecretRef) => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** @throws {PipelineError} `CONFIG_INVALID`, where there is no such channel, or it cannot bring an alarm: the function does not start. */
export const wireTellAlarms = (parts: TellAlarmsParts): ((event: unknown) => Promise<void>) => {
  const { workspace, alarms, log } = parts;
  const { notify, ...channel } = alarmChannel(parts);
  if (notify === undefined)
    throw invalid(`channel ${alarms.channel ?? ''} brings what concerns a customer, and no alarm`);
  const tell = tellAlarms({
    ...{ channel: { ...channel, notify }, recipients: alarms.recipients, hash: hashing.sha256, log },
    ...{ language: workspace.language, timezone: workspace.timezone },
  });
  return (event) => tell(alarmWords(event));
};

const alarmChannel = ({ workspace, alarms: { channel }, resolveSecret, clock }: TellAlarmsParts) => {
  const definition = channel === undefined ? undefined : workspace.channels[channel];
  if (definition === undefined) throw invalid(`ALARM_CHANNEL: the workspace has no channel ${channel ?? '(not set)'}`);
  return openChannel(definition, {
    readSecret: resolveSecret,
    allowLoopback: workspace.allowLoopback,
    wallNow: clock.wallNow,
    writerOf: (connection) => {
      throw invalid(`ALARM_CHANNEL: ${connection} is a CRM, in which nobody looks for alarms`);
    },
  });
};

const invalid = (message: string): PipelineError => new PipelineError('CONFIG_INVALID', message, { retryable: false });

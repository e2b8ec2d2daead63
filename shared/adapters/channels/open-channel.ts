import type { SecretRef } from '../../definitions/secret-ref.ts';
import type { Channel as ChannelDefinition } from '../../definitions/workspace.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Channel } from '../../ports/channel.ts';
import type { CrmWriter } from '../../ports/crm.ts';
import { crmGradeChannel } from './crm-grade.ts';
import { crmTaskChannel } from './crm-task.ts';
import { emailChannel } from './email.ts';
import { outgoingRequest } from './outgoing-request.ts';
import { standardWebhookChannel } from './standard-webhook.ts';
import { wecomRobotChannel } from './wecom-robot.ts';

export interface ChannelSurroundings {
  readonly readSecret: (ref: SecretRef) => string;
  /** The writer of a connection, and whether its tasks have a unique field for our key. */
  writerOf(connection: string): { readonly writer: CrmWriter; readonly tasksKeyed: boolean };
  readonly allowLoopback: boolean;
  readonly wallNow: () => Instant;
}

/**
 * Opens a channel as the workspace defines it.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, for a secret that is none.
 */
export const openChannel = (definition: ChannelDefinition, around: ChannelSurroundings): Channel => {
  const { perMinute, onUnknown } = definition;
  const common = { perMinute, onUnknown };
  const { allowLoopback, readSecret, wallNow } = around;
  switch (definition.type) {
    case 'wecom-robot':
      return wecomRobotChannel({
        ...common,
        url: readSecret(definition.url),
        request: outgoingRequest({ allowLoopback }),
        wallNow,
      });
    case 'standard-webhook': {
      const url = typeof definition.url === 'string' ? definition.url : readSecret(definition.url);
      const secrets = definition.secrets.map(readSecret);
      return standardWebhookChannel({ ...common, url, secrets, request: outgoingRequest({ allowLoopback }), wallNow });
    }
    case 'email': {
      const { host, port, secure, user, password, from } = definition;
      const credentials =
        user === undefined || password === undefined
          ? undefined
          : { user: readSecret(user), password: readSecret(password) };
      return emailChannel({ ...common, host, port, secure, from, credentials, allowPlainPassword: allowLoopback });
    }
    case 'crm-task': {
      const { writer, tasksKeyed } = around.writerOf(definition.connection);
      return crmTaskChannel({ ...common, writer, keyed: tasksKeyed });
    }
    case 'crm-grade':
      return crmGradeChannel({ ...common, writer: around.writerOf(definition.connection).writer });
  }
};

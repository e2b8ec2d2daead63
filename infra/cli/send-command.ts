import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { topics } from '../../shared/definitions/topics.ts';
import { encodeCloudEvent } from '../../shared/domain/cloud-event.ts';
import type { CustomerEvent } from '../../shared/domain/event.ts';
import type { EventDesk } from './event-desk.ts';

/** A command about a customer, under an id of its own: however often it is delivered, it is carried out once. */
export const newCommand = (): string => `cli-${randomUUID()}`;

export const sendCommand = async (desk: EventDesk, event: CustomerEvent, command: string): Promise<void> => {
  const at = desk.businessNow();
  const source = `regrade/${event.tenant}`;
  const value = encodeCloudEvent({ id: command, source, type: `regrade.${event.kind}`, data: event }, at);
  await desk.stream.append(topics.events, [{ key: event.customer, value, at }]);
};

/** Who asks: who says so, otherwise who runs the command. */
export const operatorOf = (by: string | undefined): string => by ?? userName() ?? 'operator';

/** A system that has no name for its user says so with an error. */
const userName = (): string | undefined => {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
};

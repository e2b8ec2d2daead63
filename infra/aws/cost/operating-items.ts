import { functions } from '../../../shared/definitions/functions.ts';
import { sizes, watched } from './assumptions.ts';
import { ticksPerMonth } from './function-load.ts';
import type { Item } from './line.ts';
import type { Situation } from './situation.ts';
import { gbOf } from './traffic.ts';

/** Whose brokers are looked after here. */
const isNew = ({ stream: { kind } }: Situation['stage']): boolean =>
  kind === 'msk-provisioned' || kind === 'msk-serverless';

export const operatingItems = ({ stage, calls, traffic }: Situation): readonly Item[] => {
  const ticks = ticksPerMonth(functions['keep-time'].calledBy.everyMinutes);
  const logGb = gbOf(traffic.webhooks, sizes.logOfWebhook) + gbOf(ticks, sizes.logOfTick);
  const secrets = 1 + Number(calls.crm) + Number(calls.channels);
  return [
    { kind: 'clock', item: 'schedule-call', quantity: ticks / 1e6 },
    { kind: 'secrets', item: 'secret', quantity: secrets },
    // a key that is there already is paid for already
    ...(stage.customerKey === true ? [{ kind: 'key', item: 'customer-key', quantity: 1 } as const] : []),
    { kind: 'logs', item: 'logs-taken-in', quantity: logGb },
    { kind: 'logs-kept', item: 'logs-kept', quantity: (logGb * stage.retention.logDays) / 30 },
    { kind: 'metrics', item: 'metric', quantity: watched.metrics },
    { kind: 'alarms', item: 'alarm', quantity: watched.alarms + (isNew(stage) ? watched.brokerAlarms : 0) },
    { kind: 'dashboard', item: 'dashboard', quantity: 1 },
    ...(stage.tracing ? [{ kind: 'traces', item: 'trace', quantity: traffic.webhooks / 1e6 } as const] : []),
  ];
};

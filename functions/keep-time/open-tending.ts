import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDbMemory } from '../../shared/adapters/dynamodb/memory.ts';
import { kafkaOffsets } from '../../shared/adapters/kafka/offsets.ts';
import { kafkaProgress } from '../../shared/adapters/kafka/progress.ts';
import { limits } from '../../shared/definitions/limits.ts';
import { specsInForce } from '../../shared/grading/in-force.ts';
import { publishModels } from '../../shared/usecases/publish-models.ts';
import { auditLease } from '../ground/audit-lease.ts';
import { publishLease } from '../ground/publish-lease.ts';
import { publishedModels } from '../ground/published-models.ts';
import { auditAtNight } from './audit-at-night.ts';
import type { Tending, TendingParts } from './tending.ts';

/** Reviews that may wait while a model is published: a live event finds at most so many before it, over all partitions. */
const mostUnread = 2_000;
/** Between two looks how far the groups are: each asks the cluster. */
const lookMs = 500;

/** What a round leaves the next one goes on with, here or in another instance. */
export const openTending = (parts: TendingParts): Tending => {
  const { clock, tokens, hasTime } = parts;
  const models = publishedModels(parts);
  const lease = publishLease({ tokens, clock, holder: randomUUID() });
  const publish = publishModels({
    ...{ ...parts, models, mostUnread, lookMs, cacheMs: limits.pointerCacheMs },
    progress: kafkaProgress(kafkaOffsets(parts.connection)),
    reviewedAsOf: clock.businessNow,
    pause: async (ms) => {
      if (!hasTime(ms)) return false;
      await sleep(ms);
      return lease();
    },
  });
  const countNext = auditAtNight({
    ...parts,
    currentSpecs: async () => specsInForce(await models.current()),
    memory: dynamoDbMemory(parts),
    lease: auditLease({ tokens, clock, holder: randomUUID() }),
    pause: async () => hasTime(0),
  });
  const audit = async (): Promise<void> => {
    for (let more = true; more && hasTime(0); ) more = await countNext();
  };
  return { publish, audit };
};

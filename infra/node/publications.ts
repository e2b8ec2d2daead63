import * as z from 'zod';
import { AlertChoice } from '../../shared/domain/change.ts';
import { Instant } from '../../shared/domain/instant.ts';
import { canonicalJson } from '../../shared/domain/json.ts';
import { Model } from '../../shared/grading/model.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import {
  type PublicationDeps,
  type Requested,
  type RolledBack,
  requestPublication,
  requestRollback,
} from '../../shared/usecases/request-publication.ts';

const asked = { by: z.string().min(1).max(200), why: z.string().min(1).max(500), alerts: AlertChoice };

/** What a command asks of the models, over whatever way. */
export const PublicationRequest = z.discriminatedUnion('command', [
  z.strictObject({
    ...asked,
    command: z.literal('publish'),
    /** Models as JSON. */
    models: z.array(z.unknown()).min(1).max(50),
    /** True where they are all that is to grade; otherwise they take the place of those of their ids. */
    whole: z.boolean(),
  }),
  z.strictObject({
    ...asked,
    command: z.literal('rollback'),
    /** Absent: to what graded before. */
    to: z.strictObject({ id: z.string().exactOptional(), version: z.int().positive() }).optional(),
  }),
]);
export type PublicationRequest = z.infer<typeof PublicationRequest>;

const epoch = z.int().positive();

export const PublicationAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['begun', 'live', 'under-way', 'given-up']), epoch }),
  z.object({
    outcome: z.literal('taken'),
    stored: z.object({ id: z.string(), version: z.int(), at: Instant, by: z.string(), why: z.string() }),
  }),
  z.object({ outcome: z.enum(['not-started', 'unknown-version', 'nothing-before', 'which-model']) }),
  /** A model is none that this version of the program can read. */
  z.object({ outcome: z.literal('unreadable'), problem: z.string() }),
]);
export type PublicationAnswer = z.infer<typeof PublicationAnswer>;

export interface PublicationParts extends PublicationDeps {
  readonly businessNow: () => Instant;
}

/** Does what a command asks: begins it. Whoever carries out publications finds it. */
export const answerPublication =
  (parts: PublicationParts) =>
  async (request: PublicationRequest): Promise<PublicationAnswer> => {
    const { by, why, alerts } = request;
    const asking = { at: parts.businessNow(), by, why, alerts };
    if (request.command === 'rollback') return answerOf(await requestRollback(parts)(asking, request.to));
    const models = request.models.map((model) => Model.safeParse(model));
    const unreadable = models.find(({ success }) => !success);
    if (unreadable !== undefined)
      return { outcome: 'unreadable', problem: unreadable.error?.issues[0]?.message ?? 'not a model' };
    const known = models.flatMap(({ data }) =>
      data === undefined ? [] : [{ model: data, hash: hashing.sha256(canonicalJson(data)) }],
    );
    return answerOf(await requestPublication(parts)(known, asking, request));
  };

const answerOf = (done: Requested | RolledBack): PublicationAnswer => {
  switch (done.outcome) {
    case 'begun':
      return { outcome: 'begun', epoch: done.pointer.newest };
    case 'taken': {
      const { id, version, at, by, why } = done.stored;
      return { outcome: 'taken', stored: { id, version, at, by, why } };
    }
    case 'live':
    case 'under-way':
    case 'given-up':
      return { outcome: done.outcome, epoch: done.epoch };
    case 'not-started':
    case 'unknown-version':
    case 'nothing-before':
    case 'which-model':
      return { outcome: done.outcome };
  }
};

import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { Delivery, DeliveryStatus } from '../../../domain/delivery.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import {
  deflateJson,
  inflateJson,
  mostPartBytes,
  readItem,
  storedBytes,
  storedNumber,
  storedText,
} from '../table/stored-attributes.ts';
import { instantOf, type Placed } from './delivery-lane.ts';
import { keptMs } from './delivery-lane-item.ts';

const DeliveryItem = z.object({
  body: storedBytes.transform((bytes) => inflateJson(Delivery, bytes)),
  position: storedNumber,
  was: storedText.pipe(DeliveryStatus).optional(),
});

const PointerItem = z.object({
  [table.sortKey]: storedText.transform((sort) => sort.slice(sort.lastIndexOf('#') + 1)),
});

/** In the customer's partition, by position: lists the deliveries, and lets who erases a person find them. */
export const pointerPrefix = 'DELIVERY#';

export const deliveryKey = (tenant: TenantId, id: string): Item =>
  keyOf(partitionOf('delivery', tenant, id), 'DELIVERY');

/** @throws {PipelineError} `STORE_FULL`, not retryable, where the texts take more than an item should hold. */
export const itemOfDelivery = (tenant: TenantId, { delivery, position, was }: Placed): Item => {
  const body = deflateJson(delivery);
  if (body.length > mostPartBytes)
    throw new PipelineError('STORE_FULL', `${delivery.id} for ${delivery.channel} is too long`, { retryable: false });
  return {
    ...deliveryKey(tenant, delivery.id),
    body: { B: body },
    position: { N: String(position) },
    ...(was === undefined ? {} : { was: { S: was } }),
    ...expiryOf({ delivery, position }),
  };
};

export const deliveryOfItem = (item: Item): Placed => {
  const { body, position, was } = readItem('delivery', DeliveryItem, item);
  return { delivery: body, position, ...(was === undefined ? {} : { was }) };
};

export const pointerOf = (tenant: TenantId, placed: Placed): Item => ({
  ...keyOf(
    partitionOf('customer', tenant, placed.delivery.customer),
    `${pointerPrefix}${String(placed.position).padStart(16, '0')}#${placed.delivery.id}`,
  ),
  ...expiryOf(placed),
});

/** The id that a pointer points to. */
export const idOfPointer = (item: Item): string => readItem('pointer to a delivery', PointerItem, item)[table.sortKey];

/** Held and dead ones stay for a person to decide on. */
export const isFinished = ({ status }: Delivery): boolean =>
  status === 'delivered' || status === 'superseded' || status === 'digested';

const expiryOf = ({ delivery, position }: Placed): Item => {
  if (!isFinished(delivery)) return {};
  const from = Math.max(delivery.sentAt ?? 0, instantOf(position));
  return { [table.timeToLive]: { N: String(Math.ceil((from + keptMs) / 1_000)) } };
};

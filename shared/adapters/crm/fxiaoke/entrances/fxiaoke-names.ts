import * as z from 'zod';

/** Numbers stand where texts are expected in some tenants; both sign as their decimal text. */
export const TextOrNumber = z.union([z.string(), z.number()]).transform(String);

/** An object's API name, e.g. `AccountObj`, `object_abc__c`. */
export const FxiaokeObject = z.string().regex(/^[A-Za-z0-9_]{1,64}$/);

/** 24 hex digits in practice; nothing that would need escaping. */
export const FxiaokeRecordId = TextOrNumber.pipe(z.string().regex(/^[A-Za-z0-9_-]{1,128}$/));

import * as z from 'zod';

/** Zoho writes ids as strings; merge fields in raw JSON bodies make numbers of them. */
export const TextOrNumber = z.union([z.string(), z.number()]).transform(String);

/** An API name. Part of the read-back's address, so nothing else gets in. */
export const ZohoModule = z.string().regex(/^[A-Za-z0-9_]{1,64}$/);

/** 18 or 19 digits in practice. Part of the read-back's address, so nothing that needs escaping gets in. */
export const ZohoRecordId = TextOrNumber.pipe(z.string().regex(/^[A-Za-z0-9_-]{1,128}$/));

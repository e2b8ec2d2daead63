import * as z from 'zod';

/** A secret is never written down here, only where to find it. */
export const SecretRef = z.union(
  [z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }), z.strictObject({ file: z.string().min(1) })],
  { error: 'write secrets by reference: { env: NAME } or { file: path }' },
);
export type SecretRef = z.infer<typeof SecretRef>;

import * as z from 'zod';

/** The name of something within a model: a signal, a group, a grade, a guard, a segment, a tag. */
export const Id = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a name starts with a letter; letters, digits, _ and - follow');

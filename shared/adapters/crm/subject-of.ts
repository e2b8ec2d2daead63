import { type CustomerId, SubjectKind } from '../../domain/ids.ts';

/** A customer's id taken apart. `id` is the CRM's own. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly connection: string;
  readonly id: string;
}

export const subjectOf = (customer: CustomerId): Subject => {
  const [kind, connection = '', ...rest] = customer.split(':');
  return { kind: SubjectKind.parse(kind), connection, id: rest.join(':') };
};

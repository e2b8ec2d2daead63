import type { RecordMapping } from '../definitions/mapping.ts';
import { pathOfLine } from './mapping-filter.ts';

/** The fields of the CRM's record that a mapping looks at, sorted, each once: what a read-back has to ask for. */
export const fieldsOfMapping = (mapping: RecordMapping): readonly string[] => {
  const paths = [
    mapping.customer.id,
    ...optional(mapping.version),
    ...optional(mapping.mergedInto),
    ...optional(mapping.convertedTo?.id),
    ...Object.keys(mapping.keepIf ?? {}).map(pathOfLine),
    ...Object.values(mapping.attributes).flatMap(pathsOfAttribute),
    ...mapping.facts.flatMap((fact) => [
      fact.at,
      ...optional(fact.amount),
      ...optional(fact.currency),
      ...optional(fact.rateAt),
      ...Object.keys(fact.when ?? {}).map(pathOfLine),
      ...Object.values(fact.fields),
    ]),
  ];
  return [...new Set(paths.map((path) => path.split('.')[0] ?? path))].sort();
};

const optional = (path: string | undefined): readonly string[] => (path === undefined ? [] : [path]);

const pathsOfAttribute = (attribute: RecordMapping['attributes'][string]): readonly string[] => {
  if (typeof attribute === 'string') return [attribute];
  return 'path' in attribute ? [attribute.path] : [];
};

import type { Template } from 'aws-cdk-lib/assertions';
import { plainText } from './plain-text.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a role of a template is allowed: `action resource`, each once, sorted. `role` is what its logical name begins with. */
export const grantsOf = (template: Template, role: string): readonly string[] =>
  [
    ...new Set(
      statementsOf(template, role)
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action, Resource }) =>
          listOf(Resource).flatMap((resource) =>
            listOf(Action).map((action) => `${String(action)} ${plainText(resource)}`),
          ),
        ),
    ),
  ].sort();

/** Every statement of a role's policies. */
export const statementsOf = (template: Template, role: string): readonly Statement[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .map(({ Properties }) => Properties as PolicyProperties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(`${role}Role`)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

interface PolicyProperties {
  readonly Roles: readonly { readonly Ref: string }[];
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

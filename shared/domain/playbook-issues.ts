import type { Channel } from '../definitions/workspace.ts';
import type { Action, Playbook, Recipient, Rule } from './playbook.ts';

/** What a playbook's names can point to. */
export interface PlaybookSurroundings {
  readonly channels: Readonly<Record<string, Pick<Channel, 'type'>>>;
  /** Grade names by model id. */
  readonly grades: Readonly<Record<string, readonly string[]>>;
  /** The model that decides the grade: rules without `model` mean it. */
  readonly decides: string;
}

export interface PlaybookIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with a playbook that reads well by itself: names of nothing, and actions a channel cannot do. */
export const playbookIssues = (playbook: Playbook, surroundings: PlaybookSurroundings): readonly PlaybookIssue[] =>
  playbook.rules.flatMap((rule, index) =>
    [
      ...gradeIssues(rule, surroundings),
      ...rule.do.flatMap((action, at) => actionIssues(rule, action, at, surroundings)),
    ].map(({ path, message }) => ({ path: ['rules', index, ...path], message })),
  );

const gradeIssues = ({ when }: Rule, { grades, decides }: PlaybookSurroundings): PlaybookIssue[] => {
  const known = grades[when.model ?? decides];
  if (known === undefined)
    return [
      {
        path: ['when', 'model'],
        message: `there is no model ${when.model ?? decides}; there is ${listOf(Object.keys(grades))}`,
      },
    ];
  return (['from', 'to'] as const).flatMap((side) =>
    (when[side] ?? []).flatMap((grade, at) =>
      grade === null || known.includes(grade)
        ? []
        : [{ path: ['when', side, at], message: `there is no grade ${grade}; there is ${listOf(known)}` }],
    ),
  );
};

/** Which channels can do which action. */
const able = {
  alert: ['wecom-robot', 'email', 'standard-webhook'],
  task: ['crm-task'],
  writeGrade: ['crm-grade'],
} as const satisfies Record<string, readonly Channel['type'][]>;

const actionIssues = (rule: Rule, action: Action, at: number, { channels }: PlaybookSurroundings): PlaybookIssue[] => {
  const [kind, name] = partsOf(action);
  const channel = Object.hasOwn(channels, name) ? channels[name] : undefined;
  const path = ['do', at, kind, 'channel'];
  if (channel === undefined)
    return [{ path, message: `there is no channel ${name}; there is ${listOf(Object.keys(channels))}` }];
  const types: readonly string[] = able[kind];
  if (!types.includes(channel.type))
    return [{ path, message: `channel ${name} is of type ${channel.type}; ${kind} needs ${types.join(', ')}` }];
  return channel.type === 'email' && 'alert' in action ? mailIssues(rule, action.alert.to, at) : [];
};

const partsOf = (action: Action): [keyof typeof able, string] => {
  if ('alert' in action) return ['alert', action.alert.channel];
  if ('task' in action) return ['task', action.task.channel];
  return ['writeGrade', action.writeGrade.channel];
};

const mailIssues = ({ fallback }: Rule, to: readonly Recipient[], at: number): PlaybookIssue[] => {
  const path = ['do', at, 'alert', 'to'];
  if (to.length === 0 && !fallback.some(isMail)) return [{ path, message: 'an e-mail needs somebody to go to' }];
  return to.flatMap((recipient, index) =>
    typeof recipient === 'object' && !isMail(recipient.address)
      ? [{ path: [...path, index, 'address'], message: `${recipient.address} is no e-mail address` }]
      : [],
  );
};

/** Tells e-mail addresses from user ids. */
export const isMail = (address: string): boolean => /^[^\s@,;<>]+@[^\s@,;<>]+$/.test(address);

const listOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

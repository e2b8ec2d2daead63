import { describe, expect, it } from 'vitest';
import {
  activeRules,
  durationMs,
  matches,
  Playbook,
  type Transition,
  type When,
} from '../../shared/domain/playbook.ts';
import { playbookIssues } from '../../shared/domain/playbook-issues.ts';
import { alertTo, playbookOf } from '../contract/action-samples.ts';

const base = { apiVersion: 'regrade/v1', kind: 'Playbook', id: 'care' };
const issuesOf = (rules: unknown) =>
  (Playbook.safeParse({ ...base, rules }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('Playbook', () => {
  it('reads a rule with nothing but its actions', () => {
    const [rule] = playbookOf([{ id: 'any', do: [{ writeGrade: { channel: 'grades' } }] }]).rules;
    expect(rule).toEqual({ id: 'any', when: {}, do: [{ writeGrade: { channel: 'grades' } }], fallback: [] });
  });

  it('keeps the state of rules apart by playbook and rule', () => {
    const rules = [{ id: 'any', do: [alertTo('team')] }];
    expect(activeRules([playbookOf(rules, 'one'), playbookOf(rules, 'two')]).map(({ key }) => key)).toEqual([
      'one/any',
      'two/any',
    ]);
  });

  it('names an unknown member, at its place', () => {
    expect(issuesOf([{ id: 'a', whenn: {}, do: [alertTo('team')] }])).toEqual(['rules.0: Unrecognized key: "whenn"']);
  });

  it('names the unknown placeholder of an action, at its place', () => {
    const action = { alert: { channel: 'team', title: { zh: '{{x}}', en: 'a' }, text: { zh: 'a', en: 'a' } } };
    expect(issuesOf([{ id: 'a', do: [action] }])).toEqual([
      expect.stringMatching(/^rules\.0\.do\.0\.alert\.title\.zh: \{\{x\}\} is unknown/),
    ]);
  });

  it.each([
    [{ shout: {} }, 'write one of alert: {…}, task: {…}, writeGrade: {…}'],
    [{ alert: {}, task: {} }, 'write one of alert: {…}, task: {…}, writeGrade: {…}'],
    [{ writeGrade: {} }, 'writeGrade.channel: Invalid input: expected string, received undefined'],
    [{ task: { channel: 'tasks' } }, expect.stringContaining('task.dueInDays')],
  ])('says what is wrong with the action %j', (action, message) => {
    const { error } = Playbook.safeParse({ ...base, rules: [{ id: 'a', do: [action] }] });
    expect(error?.issues).toMatchObject([{ path: ['rules', 0, 'do', 0], message: message as string }]);
  });

  it('refuses a rule that is there twice, and one that does nothing', () => {
    const rule = { id: 'a', do: [alertTo('team')] };
    expect(issuesOf([rule, rule])).toEqual(['rules.1.id: rule a is there twice']);
    expect(issuesOf([{ id: 'a', do: [] }])).toEqual(['rules.0.do: say what to do']);
  });

  it.each(['1 day', 'P', 'PT', 'P1Y', 'P1M', 'PT0S', 'P1DT', '-P1D', 'P367D'])('refuses the window %s', (window) => {
    expect(
      Playbook.safeParse({ ...base, rules: [{ id: 'a', do: [alertTo('team')], settle: { window } }] }).success,
    ).toBe(false);
  });
});

describe('durationMs', () => {
  it.each([
    ['P1D', 86_400_000],
    ['PT90M', 5_400_000],
    ['P1W', 604_800_000],
    ['P1DT2H3M4S', 93_784_000],
  ])('%s is %i ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});

describe('matches', () => {
  const transition: Transition = {
    from: 'A',
    to: 'C',
    direction: 'down',
    tags: { segment: 'retail', vip: 'yes' },
    causes: ['event', 'timer'],
  };

  it.each<[When, boolean]>([
    [{}, true],
    [{ from: ['A', 'B'] }, true],
    [{ from: ['B'] }, false],
    [{ from: [null] }, false],
    [{ to: ['C'] }, true],
    [{ to: ['A'] }, false],
    [{ direction: ['down'] }, true],
    [{ direction: ['up', 'sideways'] }, false],
    [{ cause: ['timer'] }, true],
    [{ cause: ['model'] }, false],
    [{ tags: { eq: [{ tag: 'segment' }, 'retail'] } }, true],
    [{ tags: { eq: [{ tag: 'toString' }, 'retail'] } }, false],
    [{ tags: { in: [{ tag: 'segment' }, ['wholesale', 'retail']] } }, true],
    [{ tags: { in: [{ tag: 'absent' }, ['wholesale']] } }, false],
    [{ tags: { not: { eq: [{ tag: 'vip' }, 'yes'] } } }, false],
    [{ tags: { all: [{ eq: [{ tag: 'vip' }, 'yes'] }, { eq: [{ tag: 'segment' }, 'x'] }] } }, false],
    [{ tags: { any: [{ eq: [{ tag: 'vip' }, 'yes'] }, { eq: [{ tag: 'segment' }, 'x'] }] } }, true],
    [{ from: ['A'], to: ['A'] }, false],
  ])('%j holds: %s', (when, expected) => {
    expect(matches(when, transition)).toBe(expected);
  });
});

describe('playbookIssues', () => {
  const surroundings = {
    channels: { team: { type: 'wecom-robot' }, mail: { type: 'email' }, grades: { type: 'crm-grade' } },
    grades: { value: ['A', 'B'], risk: ['low'] },
    decides: 'value',
  } as const;
  const found = (rule: object) =>
    playbookIssues(playbookOf([{ id: 'r', do: [alertTo('team')], ...rule }]), surroundings).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );

  it('has nothing to say about a playbook whose names are all there', () => {
    expect(
      found({
        when: { from: ['A', null], model: 'value' },
        do: [alertTo('mail'), { writeGrade: { channel: 'grades' } }],
      }),
    ).toEqual([]);
  });

  it.each([
    [{ do: [alertTo('teem')] }, 'rules.0.do.0.alert.channel: there is no channel teem; there is team, mail, grades'],
    [
      { do: [alertTo('grades')] },
      'rules.0.do.0.alert.channel: channel grades is of type crm-grade; alert needs wecom-robot, email, standard-webhook',
    ],
    [
      { do: [{ writeGrade: { channel: 'team' } }] },
      'rules.0.do.0.writeGrade.channel: channel team is of type wecom-robot; writeGrade needs crm-grade',
    ],
    [{ when: { to: ['A', 'Z'] } }, 'rules.0.when.to.1: there is no grade Z; there is A, B'],
    [{ when: { model: 'risk', from: ['A'] } }, 'rules.0.when.from.0: there is no grade A; there is low'],
    [{ when: { model: 'none' } }, 'rules.0.when.model: there is no model none; there is value, risk'],
    [{ do: [alertTo('mail', [])] }, 'rules.0.do.0.alert.to: an e-mail needs somebody to go to'],
    [{ do: [alertTo('mail', [{ address: 'bob' }])] }, 'rules.0.do.0.alert.to.0.address: bob is no e-mail address'],
  ])('finds what %j names wrongly', (rule, issue) => {
    expect(found(rule)).toEqual([issue]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Alarm } from '#infra/aws/operating/alarm.ts';
import { alarmsOf } from '#infra/aws/operating/alarms.ts';
import type { Watched, WatchedBrokers, WatchedFunction } from '#infra/aws/operating/watched.ts';
import { type FunctionName, functionNames } from '#shared/definitions/functions.ts';

const functionLike = (name: FunctionName): WatchedFunction => ({
  ...{ name, logGroupName: name, memoryMb: 512, concurrency: 20 },
  mappingId: name === 'receive-webhook' || name === 'keep-time' ? undefined : name,
});

const alarmsWith = (brokers: WatchedBrokers | undefined): readonly Alarm[] =>
  alarmsOf(
    {
      functions: Object.fromEntries(functionNames.map((name) => [name, functionLike(name)])) as Watched['functions'],
      entry: { kind: 'function-url' },
      ...{ scheduleGroup: 'g', tableName: 't', natGatewayIds: [] },
      cluster: { name: 'c', serverless: false, brokers },
    },
    { namespace: 'n', provisioned: true, prefix: '', lagMinutes: 15, silentHours: 6, teller: 'tell-alarms' },
  );

/** With every choice that brings an alarm. */
const alarms = alarmsWith({ type: 'standard', count: 2, burstable: true });

interface Section {
  readonly id: string;
  readonly text: string;
  /** Of its first block. */
  readonly commands: readonly string[];
}

const sectionsIn = (file: string): readonly Section[] =>
  readFileSync(file, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [id = '', ...lines] = section.split('\n');
      const text = lines.join('\n');
      const [, block = ''] = /```sh\n([\s\S]*?)\n```/.exec(text) ?? [];
      return { id, text, commands: block.split('\n') };
    });

const english = sectionsIn('infra/aws/runbook.md');
const chinese = sectionsIn('infra/aws/runbook.zh.md');
const idsOf = (sections: readonly Section[]): readonly string[] => sections.map(({ id }) => id);

/** `dead list` of `dead-list.ts`. */
const known = readdirSync('infra/cli/commands').map((file) => file.replace(/\.ts$/, '').replace('-', ' '));

describe('the runbook', () => {
  it('has a section for every alarm, and none without one', () => {
    expect([...new Set(idsOf(english))].sort()).toEqual([...new Set(alarms.map(({ runbook }) => runbook))].sort());
    expect(new Set(idsOf(english)).size).toBe(english.length);
  });

  it('says the same in Chinese, with the very same commands', () => {
    expect(idsOf(chinese)).toEqual(idsOf(english));
    expect(chinese.map(({ commands }) => commands)).toEqual(english.map(({ commands }) => commands));
    for (const { id, text } of chinese) expect(text, id).toMatch(/^\n\p{Script=Han}|^\n.*\p{Script=Han}/u);
  });

  it.each(english)('gives three commands and a cure for $id', ({ text, commands }) => {
    expect(commands).toHaveLength(3);
    expect(text).toContain('**Cure.**');
  });

  it('names only commands that there are', () => {
    const named = english.flatMap(({ text }) => [...text.matchAll(/npx regrade ([a-z]+(?: [a-z]+)?)/g)]);
    expect(named.length).toBeGreaterThan(40);
    for (const [, words = ''] of named)
      expect(known.includes(words) || known.includes(words.split(' ')[0] ?? ''), words).toBe(true);
  });

  it('refers to sections that there are', () => {
    const mentioned = alarms.map(({ says }) => says).concat(english.map(({ text }) => text));
    for (const text of mentioned)
      for (const [, id = ''] of text.matchAll(/[Ss]ee `([a-z-]+)`/g)) expect(idsOf(english)).toContain(id);
  });
});

describe('alarms', () => {
  it('have names of their own', () => {
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(alarms.length);
  });

  it('say in one line what is the matter and what to do', () => {
    for (const { id, says } of alarms) expect(says, id).toMatch(/^[^\n]{20,250}\.$/);
  });

  it('look back a day at most, as CloudWatch does', () => {
    for (const { id, minutes, periods } of alarms) expect(minutes * periods, id).toBeLessThanOrEqual(24 * 60);
  });

  it('need no more than ten series each, as CloudWatch allows', () => {
    for (const { id, figure } of alarms)
      if ('formula' in figure) expect(Object.keys(figure.of).length, id).toBeLessThanOrEqual(10);
  });

  it('ask nothing of brokers that are somebody else’s', () => {
    expect(alarmsWith(undefined).filter(({ runbook }) => /broker|controller|partitions/.test(runbook))).toEqual([]);
  });
});

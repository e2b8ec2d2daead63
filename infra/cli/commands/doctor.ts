import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { type Finding, type FindingState, findingStates } from '../checkup.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { describeFailure } from '../describe-failure.ts';
import { checkSecrets } from '../doctor/check-secrets.ts';
import { doctorTexts } from '../doctor/doctor-texts.ts';
import { isAtLeast } from '../doctor/is-at-least.ts';
import { engineAsked } from '../engine-asked.ts';
import { openWorkspace } from '../open-workspace.ts';
import { printable } from '../print-table.ts';

export interface DoctorOptions extends GlobalOptions {
  readonly json: boolean;
}

/** Looks over everything that the workspace runs on, and says what to do. 1 where something is wrong. */
export const doctor = async (context: CliContext, { json, ...options }: DoctorOptions): Promise<ExitCode> => {
  const texts = doctorTexts[context.language];
  const found: Finding[] = [];
  let broken = false;
  try {
    for await (const finding of look(context, options)) {
      found.push(finding);
      if (!json) context.out(linesOf(finding, context));
    }
  } catch (error) {
    // what was found until then helps all the more
    broken = true;
    context.err(describeFailure(error, context.language));
  }
  const faults = found.filter(({ code }) => findingStates[code] === 'faulty').length + (broken ? 1 : 0);
  if (json)
    context.out(
      `${JSON.stringify({ ok: faults === 0, findings: found.map((each) => jsonOf(each, context)) }, null, 2)}\n`,
    );
  else context.out(faults === 0 ? texts.healthy : texts.ill(String(faults)));
  return faults === 0 ? 0 : 1;
};

async function* look(context: CliContext, options: GlobalOptions): AsyncGenerator<Finding, void, undefined> {
  yield await checkNode();
  const file = options.stage ?? options.workspace;
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) {
    yield { code: 'workspace:faulty', says: [file] };
    return;
  }
  yield { code: 'workspace:fine', says: [file] };
  yield* checkSecrets(context, loaded, options.stage);
  yield* await context.checkUp(loaded, engineAsked(context, loaded, options));
}

const Manifest = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+\.\d+$/) }) });

const checkNode = async (): Promise<Finding> => {
  const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  const least = Manifest.parse(JSON.parse(manifest)).engines.node.slice('>='.length);
  const { node } = process.versions;
  return isAtLeast(node, least) ? { code: 'node:fine', says: [node] } : { code: 'node:old', says: [node, least] };
};

const marks: Readonly<Record<FindingState, string>> = { fine: '✓', noted: '•', faulty: '✗' };

const linesOf = (finding: Finding, { language }: CliContext): string => {
  const { findings, cures } = doctorTexts[language];
  const says = finding.says.map(printable);
  const cure = cures[finding.code]?.(...says);
  const first = `${marks[findingStates[finding.code]]} ${findings[finding.code](...says)}\n`;
  return cure === undefined ? first : `${first}    → ${cure}\n`;
};

const jsonOf = ({ code, says }: Finding, { language }: CliContext): object => {
  const { findings, cures } = doctorTexts[language];
  const cure = cures[code]?.(...says);
  return {
    code,
    state: findingStates[code],
    message: findings[code](...says),
    ...(cure === undefined ? {} : { cure }),
  };
};

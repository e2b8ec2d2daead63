import { TenantId } from '../../../shared/domain/ids.ts';
import type { Stream } from '../../../shared/ports/stream.ts';
import type { DeadLetterEntry } from '../../../shared/usecases/read-dead.ts';
import { type Replayed, type ReplayRequest, replayDead } from '../../../shared/usecases/replay-dead.ts';
import type { CliContext, ExitCode } from '../context.ts';
import type { DeadDesk, Way } from '../dead-desk.ts';
import { type DeadSource, openDeadEntries } from '../dead-entries.ts';
import { type ValueFormat, valueFormat } from '../format-values.ts';
import { type Progress, plainProgress, progressBar } from '../progress.ts';
import { sendingTexts } from '../sending-texts.ts';
import { type AtDesk, type DeadFilterOptions, withDeadDesk } from '../with-dead-desk.ts';
import { theOne } from './dead-show.ts';
import { type DeadTexts, deadTexts } from './dead-texts.ts';

export interface DeadReplayOptions extends DeadFilterOptions, DeadSource {
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly force?: boolean;
  /** Records a second. */
  readonly rate: number;
  readonly limit?: number;
  /** How the letters get there; undefined where brokers that do not answer decide. */
  readonly via?: Way;
}

/** Sends letters to their stage once more. 1 where some cannot be sent. */
export const deadReplay = (context: CliContext, options: DeadReplayOptions): Promise<ExitCode> =>
  withDeadDesk(context, options, async (at) => {
    const page = {
      texts: deadTexts[context.language],
      format: valueFormat(context.language, at.loaded.workspace.timezone),
    };
    if (options.via !== undefined && at.engine === undefined) {
      context.err(`regrade: ${sendingTexts[context.language].viaEmbedded}`);
      return 2;
    }
    const entries = await openDeadEntries(context, options, at);
    if (entries === undefined) return 1;
    const { entriesOf, odd } = entries;
    if (options.id !== undefined && (await theOne(context, options.id, entriesOf())) === undefined) return 1;
    const request = requestOf(options);
    const plan = await replayDead(depsOf(context, at, at.desk))(entriesOf(), { ...request, dryRun: true });
    const sends = plan.sent > 0 && !request.dryRun;
    const done = sends ? await send({ context, at, page, plan, via: options.via }, entriesOf(), request) : plan;
    context.out(report(done, request.dryRun, page));
    const complete = Object.keys(done.notReplayable).length === 0 && odd() === 0;
    return complete ? 0 : 1;
  });

interface Page {
  readonly texts: DeadTexts;
  readonly format: ValueFormat;
}

const requestOf = ({
  rate,
  limit,
  again = false,
  force = false,
  dryRun = false,
}: DeadReplayOptions): ReplayRequest => ({
  ...{ rate, again, force, dryRun },
  ...(limit === undefined ? {} : { limit }),
});

/** A plan sends nothing: it needs no way to. */
const depsOf = (context: CliContext, { loaded }: AtDesk, desk: DeadDesk, stream = nowhere) => ({
  tenant: TenantId.parse(loaded.workspace.tenant),
  clock: { businessNow: () => desk.businessNow(), wallNow: Date.now },
  sleep: context.sleep,
  stream,
});

const nowhere: Pick<Stream, 'append'> = { append: () => Promise.resolve() };

interface Sending {
  readonly context: CliContext;
  readonly at: AtDesk;
  readonly page: Page;
  readonly plan: Replayed;
  readonly via: Way | undefined;
}

const send = async (
  { context, at, page, plan, via }: Sending,
  entries: AsyncIterable<DeadLetterEntry>,
  request: ReplayRequest,
): Promise<Replayed> => {
  const { texts, format } = page;
  const sending = await at.desk.openSending(via);
  try {
    if (sending.waits) context.err(sendingTexts[context.language].waits);
    const seconds = format.number(Math.ceil(plan.sent / request.rate));
    context.err(texts.sending(format.number(plan.sent), format.number(request.rate), seconds));
    return await watched(progressOf(context, plan.sent, page), context, page, (tell) =>
      replayDead(depsOf(context, at, at.desk, sending.stream))(entries, request, tell),
    );
  } finally {
    await sending.close();
  }
};

const progressOf = (context: CliContext, total: number, { texts, format }: Page): Progress =>
  context.isTerminal
    ? progressBar(total)
    : plainProgress(total, (done) => context.err(texts.soFar(format.number(done), format.number(total))));

/** What failed on the way has sent something: that is told before the failure. */
const watched = async (
  progress: Progress,
  context: CliContext,
  { texts, format }: Page,
  work: (tell: (sent: number) => void) => Promise<Replayed>,
): Promise<Replayed> => {
  let sent = 0;
  try {
    const replayed = await work((total) => {
      progress.add(total - sent);
      sent = total;
    });
    progress.stop();
    return replayed;
  } catch (error) {
    progress.stop();
    context.err(texts.stopped(format.number(sent)));
    throw error;
  }
};

const report = ({ sent, sentBefore, notReplayable }: Replayed, dryRun: boolean, { texts, format }: Page): string => {
  const heading =
    sent === 0 ? texts.nothing : dryRun ? texts.wouldSend(format.number(sent)) : texts.sent(format.number(sent));
  const reasons = (['garbage', 'no-payload', 'no-topic'] as const).flatMap((why) => {
    const count = notReplayable[why];
    return count === undefined ? [] : [texts.notReplayable[why](format.number(count))];
  });
  return [heading, sentBefore === 0 ? '' : texts.sentBefore(format.number(sentBefore)), ...reasons].join('');
};

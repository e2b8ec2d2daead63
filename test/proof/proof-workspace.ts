import { shopModel, shopWorkspace } from '../kit/shop-workspace.ts';

export interface ProofFolders {
  readonly folder: string;
  readonly alertUrl: string;
  readonly robotUrl: string;
  readonly heldUrl: string;
  /** How long the settled rule waits. A day by default. */
  readonly window?: string;
}

const both = (text: string) => ({ zh: text, en: text });
const many = 1_000_000;

/**
 * Three channels on three servers: one with a key, one without that resends what is unknown, one without that holds it.
 * Every change is announced at once on the first two; on the third after a window of a day.
 */
export const proofWorkspace = ({ folder, alertUrl, robotUrl, heldUrl, window = 'P1D' }: ProofFolders) => {
  process.env['REGRADE_PROOF_ROBOT'] = robotUrl;
  process.env['REGRADE_PROOF_HELD'] = heldUrl;
  const text = both('{{customer}} {{from}} {{to}} {{score}}');
  const alert = (channel: string) => ({ alert: { channel, title: both('{{customer}}'), text } });
  return shopWorkspace({
    folder,
    model: shopModel,
    channels: {
      keyed: { type: 'standard-webhook', url: alertUrl, secrets: [{ env: 'REGRADE_TEST_ALERT_SECRET' }] },
      robot: { type: 'wecom-robot', url: { env: 'REGRADE_PROOF_ROBOT' }, perMinute: many, onUnknown: 'resend' },
      held: { type: 'wecom-robot', url: { env: 'REGRADE_PROOF_HELD' }, perMinute: many, onUnknown: 'hold' },
    },
    rules: [
      { id: 'at-once', when: {}, do: [alert('keyed'), alert('robot')] },
      { id: 'settled', when: {}, settle: { window, always: true }, do: [alert('keyed'), alert('held')] },
    ],
  });
};

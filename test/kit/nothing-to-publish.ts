import type { ControlParts } from '#infra/node/control-socket.ts';

/** For nodes of tests that no command asks to publish anything. */
export const nothingToPublish: ControlParts['publish'] = async () => ({ outcome: 'not-started' });

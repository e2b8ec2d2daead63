import type { Clock } from '../ports/clock.ts';
import type { Relay } from '../ports/relay.ts';
import type { Stream } from '../ports/stream.ts';

export interface AppendByRelayDeps {
  readonly relay: Pick<Relay, 'put'>;
  readonly clock: Pick<Clock, 'wallNow'>;
}

/** Appends for who reaches no broker: resolves when the records wait in the relay, from which {@link moveRelayed} brings them. */
export const appendByRelay = ({ relay, clock }: AppendByRelayDeps): Pick<Stream, 'append'> => ({
  append: (topic, records) => relay.put(topic, records, clock.wallNow()),
});

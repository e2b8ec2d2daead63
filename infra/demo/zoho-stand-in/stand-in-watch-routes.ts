import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { eventDetails, modulesOf, type Subscription, subscriptionOf, Watch } from './stand-in-subscriptions.ts';

export interface WatchRoutesSettings {
  /** By channel id. */
  readonly channels: Map<string, Subscription>;
  readonly url: string;
  readonly now: () => number;
}

const Body = z.object({ watch: z.array(z.unknown()).min(1).max(50) });
const Patch = Watch.partial().required({ channel_id: true }).extend({ _delete_events: z.boolean().optional() });
type Row = Readonly<Record<string, unknown>>;

const failure = (code: string, message: string): Row => ({ code, details: {}, message, status: 'error' });
const success = (message: string, details: object): Row => ({ code: 'SUCCESS', details, message, status: 'success' });
const notSubscribed = failure('NOT_SUBSCRIBED', 'Not subscribed for actions-watch of the given channel');

/** `/actions/watch` of the Notification API: enable, replace, change, list, disable. */
export const watchRoutes = ({ channels, url, now }: WatchRoutesSettings): Hono => {
  const live = (channelId: string): Subscription | undefined => {
    const found = channels.get(channelId);
    return found !== undefined && found.expiresAt > now() ? found : undefined;
  };
  const save = (watch: Watch, message: string): Row => {
    const subscription = subscriptionOf(watch, now());
    channels.set(watch.channel_id, subscription);
    return success(message, { events: eventDetails(subscription, url) });
  };
  const enable = (item: unknown): Row => {
    const watch = Watch.safeParse(item);
    if (!watch.success) return invalid(watch.error);
    return save(watch.data, 'Successfully subscribed for actions-watch of the given module');
  };
  const change = (item: unknown): Row => {
    const patch = Patch.safeParse(item);
    if (!patch.success) return invalid(patch.error);
    const { _delete_events: deletesEvents, ...fields } = patch.data;
    const before = live(fields.channel_id)?.watch;
    if (before === undefined) return notSubscribed;
    const events =
      deletesEvents === true ? before.events.filter((event) => fields.events?.includes(event) !== true) : fields.events;
    // parsing filled in defaults for what was not sent
    const sent = Object.fromEntries(Object.entries(fields).filter(([name]) => name in (item as object)));
    return save({ ...before, ...sent, events: events ?? before.events }, 'Successfully updated the subscribe details');
  };
  const list = (c: Context): Response => {
    const { channel_id: channelId, module } = c.req.query();
    const watch = [...channels.keys()]
      .flatMap((id) => live(id) ?? [])
      .filter((found) => channelId === undefined || found.watch.channel_id === channelId)
      .filter((found) => module === undefined || modulesOf(found.watch).includes(module))
      .flatMap((found) => eventDetails(found, url).map((details) => ({ ...found.watch, fields: null, ...details })));
    if (watch.length === 0) return c.body(null, 204);
    return c.json({ watch, info: { per_page: 200, count: watch.length, page: 1, more_records: false } });
  };
  const disable = (c: Context): Response => {
    const rows = (c.req.query('channel_ids') ?? '').split(',').map((id) => {
      const known = live(id) !== undefined;
      channels.delete(id);
      return known ? success('Successfully un-subscribed from actions-watch', {}) : notSubscribed;
    });
    return answer(c, rows, 200);
  };
  const routes = new Hono();
  routes.post('/', async (c) => answer(c, (await itemsOf(c)).map(enable), 201));
  routes.put('/', async (c) => answer(c, (await itemsOf(c)).map(enable), 200));
  routes.patch('/', async (c) => answer(c, (await itemsOf(c)).map(change), 200));
  routes.get('/', list);
  routes.delete('/', disable);
  return routes;
};

const invalid = (error: z.ZodError): Row => ({
  ...failure('INVALID_DATA', 'the given data is not valid'),
  details: { api_name: String(error.issues[0]?.path[0] ?? '') },
});

/** A body that is no list of channels is one channel that is not valid. */
const itemsOf = async (c: Context): Promise<readonly unknown[]> => {
  const body = Body.safeParse(await c.req.json<unknown>().catch(() => undefined));
  return body.success ? body.data.watch : [undefined];
};

const answer = (c: Context, watch: readonly Row[], success: 200 | 201): Response => {
  const failures = watch.filter(({ status }) => status === 'error').length;
  return c.json({ watch }, failures === 0 ? success : failures === watch.length ? 400 : 207);
};

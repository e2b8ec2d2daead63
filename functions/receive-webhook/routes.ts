export interface Route {
  /** Logged as it stands: a real path may hold a secret. */
  readonly template: string;
  readonly entrance: EntranceName;
  /** The content types taken, in lower case. */
  readonly accepts: ReadonlySet<string>;
}

export type EntranceName = 'zoho-notifications' | 'zoho-workflow' | 'fxiaoke-events' | 'fxiaoke-apl' | 'generic';

const json: ReadonlySet<string> = new Set(['application/json', 'text/json']);
// CRMs whose body text an administrator writes, or which leave the type out, are taken by what the body is
const jsonOrUntold: ReadonlySet<string> = new Set([...json, 'text/plain', '']);
const jsonOrForm: ReadonlySet<string> = new Set([...jsonOrUntold, 'application/x-www-form-urlencoded']);

/** Every way in. */
export const routes: readonly Route[] = [
  {
    template: '/hooks/zoho/:connection/notifications/:secret',
    entrance: 'zoho-notifications',
    accepts: jsonOrUntold,
  },
  { template: '/hooks/zoho/:connection/workflow', entrance: 'zoho-workflow', accepts: jsonOrForm },
  { template: '/hooks/fxiaoke/:connection/events', entrance: 'fxiaoke-events', accepts: jsonOrUntold },
  { template: '/hooks/fxiaoke/:connection/apl', entrance: 'fxiaoke-apl', accepts: jsonOrUntold },
  { template: '/hooks/generic/:connection', entrance: 'generic', accepts: json },
];

/** Whether a route takes this content type. Types that end in `+json` are JSON; a character set must be UTF-8. */
export const takesContentType = ({ accepts }: Route, header: string | undefined): boolean => {
  if (header === 'application/json') return true;
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?(utf-?8|us-ascii)"?$/.test(charset);
  return isUtf8 && (accepts.has(type.trim()) || /^application\/[\w.-]+\+json$/.test(type.trim()));
};

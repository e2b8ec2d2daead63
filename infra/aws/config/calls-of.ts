import type { Connection, Workspace } from '../../../shared/definitions/workspace.ts';
import type { Calls } from './placement.ts';

/** Whom a workspace calls: CRMs by connections that may do more than receive, and channels. */
export const callsOf = ({ connections, channels }: Pick<Workspace, 'connections' | 'channels'>): Calls => ({
  crm: Object.values(connections).some(reads),
  channels: Object.keys(channels).length > 0,
});

const reads = (connection: Connection): boolean => {
  switch (connection.vendor) {
    case 'zoho':
      return connection.client !== undefined;
    case 'fxiaoke':
      return connection.app !== undefined;
    case 'generic':
      return false;
  }
};

import type { Channel, Connection, Workspace } from '../../../shared/definitions/workspace.ts';
import type { Language } from '../../../shared/domain/message.ts';
import { closestWord } from './closest-word.ts';
import type { Finding, Path } from './problem.ts';
import { type SettingTexts, settingTexts } from './setting-texts.ts';

/** What is wrong with a workspace file although its form is right: names that lead nowhere, settings that can never work. */
export const findSettingFaults = (workspace: Workspace, language: Language): Finding[] => {
  const texts = settingTexts[language];
  return [
    ...zoneFaults(workspace.timezone, ['timezone'], texts),
    ...repeatedFiles(workspace.models, 'models', texts),
    ...repeatedFiles(workspace.playbooks, 'playbooks', texts),
    ...Object.entries(workspace.connections).flatMap(([name, connection]) => connectionFaults(name, connection, texts)),
    ...Object.entries(workspace.channels).flatMap(([name, channel]) => channelFaults(name, channel, workspace, texts)),
  ];
};

const zoneFaults = (zone: string, path: Path, texts: SettingTexts): Finding[] => {
  if (isZone(zone)) return [];
  const meant = closestWord(zone, Intl.supportedValuesOf('timeZone'));
  const cure = meant === undefined ? texts.zoneExample : texts.didYouMean(meant);
  return [{ path, part: 'value', message: texts.unknownZone(zone), cure }];
};

/** A fixed offset is no calendar: it knows no summer time. */
const isZone = (zone: string): boolean => {
  if (/^[+-]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const repeatedFiles = (files: readonly string[], key: string, texts: SettingTexts): Finding[] =>
  files.flatMap((file, index) =>
    files.indexOf(file) < index ? [{ path: [key, index], part: 'value', message: texts.repeatedFile(file) }] : [],
  );

const connectionFaults = (name: string, connection: Connection, texts: SettingTexts): Finding[] => {
  const { timezone } = connection;
  return [
    ...(timezone === undefined ? [] : zoneFaults(timezone, ['connections', name, 'timezone'], texts)),
    ...vendorFaults(name, connection, texts),
  ];
};

const vendorFaults = (name: string, connection: Connection, texts: SettingTexts): Finding[] => {
  const path = ['connections', name];
  switch (connection.vendor) {
    case 'zoho':
      return connection.notifications === undefined && connection.workflow === undefined
        ? [
            {
              path,
              part: 'key',
              severity: 'warning',
              message: texts.deaf(name),
              cure: texts.addEntrance('notifications', 'workflow'),
            },
          ]
        : [];
    case 'fxiaoke':
      return connection.push === undefined && connection.apl === undefined
        ? [
            {
              path,
              part: 'key',
              severity: 'warning',
              message: texts.deaf(name),
              cure: texts.addEntrance('push', 'apl'),
            },
          ]
        : [];
    case 'generic':
      return Object.entries(connection.records).flatMap(([object, { id }]) =>
        id === undefined
          ? [
              {
                path: [...path, 'records', object],
                part: 'key' as const,
                message: texts.recordWithoutId(object),
                cure: texts.addId,
              },
            ]
          : [],
      );
  }
};

const channelFaults = (name: string, channel: Channel, workspace: Workspace, texts: SettingTexts): Finding[] => {
  const path = ['channels', name];
  if (channel.type === 'crm-task' || channel.type === 'crm-grade')
    return crmFaults(path, channel.connection, workspace, texts);
  if (channel.type !== 'standard-webhook' || typeof channel.url !== 'string') return [];
  if (workspace.allowLoopback || !isLoopback(channel.url)) return [];
  return [{ path: [...path, 'url'], part: 'value', message: texts.loopback, cure: texts.allowLoopback }];
};

const isLoopback = (url: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);

const crmFaults = (channelPath: Path, name: string, { connections }: Workspace, texts: SettingTexts): Finding[] => {
  const connection = connections[name];
  const path = [...channelPath, 'connection'];
  if (connection === undefined) {
    const meant = closestWord(name, Object.keys(connections));
    const cure = meant === undefined ? texts.existing(Object.keys(connections)) : texts.didYouMean(meant);
    return [{ path, part: 'value', message: texts.unknownConnection(name), cure }];
  }
  if (connection.vendor !== 'zoho')
    return [{ path, part: 'value', message: texts.cannotWrite(name, connection.vendor), cure: texts.writeElsewhere }];
  return connection.client === undefined
    ? [{ path, part: 'value', message: texts.noClient(name), cure: texts.addClient(name) }]
    : [];
};

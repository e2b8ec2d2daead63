import type { Language } from '../../../shared/domain/message.ts';

const english = {
  didYouMean: (word: string) => `did you mean "${word}"?`,
  existing: (names: readonly string[]) => (names.length === 0 ? 'none is defined yet' : `defined: ${names.join(', ')}`),
  unknownZone: (zone: string) => `"${zone}" is no time zone`,
  zoneExample: 'write an IANA name, e.g. Asia/Shanghai or Europe/London',
  repeatedFile: (file: string) => `${file} is listed twice`,
  deaf: (name: string) => `connection ${name} has no entrance: nothing can come in`,
  addEntrance: (a: string, b: string) => `add ${a} or ${b}`,
  recordWithoutId: (object: string) => `"${object}" does not say where a record's own id stands`,
  addId: 'add id: path.to.id',
  loopback: 'this address is the machine itself; such requests are refused',
  allowLoopback: 'for a trial set allowLoopback: true at the top level',
  unknownConnection: (name: string) => `there is no connection "${name}"`,
  cannotWrite: (name: string, vendor: string) =>
    `connection ${name} is ${vendor}: tasks and grades can be written to zoho connections only`,
  writeElsewhere: 'name a zoho connection, or use a standard-webhook channel',
  noClient: (name: string) => `connection ${name} has no client: it can receive, not write`,
  addClient: (name: string) => `add client: { id, secret, refreshToken } to connection ${name}`,
  unset: (name: string) => `the environment variable ${name} is not set`,
  setIt: (name: string) => `export ${name}=… before starting`,
  noSecretFile: (file: string) => `the secret file ${file} cannot be read or is empty`,
  noFile: (file: string) => `there is no file ${file}`,
  noWorkspace: 'run `regrade init` to write one, or name yours with --workspace FILE',
  unreadable: (file: string, code: string) => `${file} cannot be read (${code})`,
  otherCurrency: (model: string, workspace: string) => `the model counts in ${model}, the workspace in ${workspace}`,
  sameCurrency: (workspace: string) => `write currency: ${workspace}, or change the workspace's`,
  repeatedId: (kind: string, id: string, file: string) => `${kind} "${id}" is already defined in ${file}`,
  unfed: (kind: 'attributes' | 'facts', name: string) =>
    `no connection delivers the ${kind === 'facts' ? 'fact' : 'attribute'} ${name}: it will always be unknown`,
  mapIt: 'name it in the mapping of a connection, or remove it here',
  otherId: 'give one of them another id',
};

export type SettingTexts = typeof english;

const chinese: SettingTexts = {
  didYouMean: (word) => `是否想写“${word}”？`,
  existing: (names) => (names.length === 0 ? '尚未定义任何一个' : `已定义：${names.join('、')}`),
  unknownZone: (zone) => `“${zone}”不是时区`,
  zoneExample: '请写 IANA 名称，例如 Asia/Shanghai 或 Europe/London',
  repeatedFile: (file) => `${file} 列了两次`,
  deaf: (name) => `连接 ${name} 没有入口：什么也收不到`,
  addEntrance: (a, b) => `请添加 ${a} 或 ${b}`,
  recordWithoutId: (object) => `“${object}”没有说明记录自身的 id 在哪里`,
  addId: '请添加 id: 路径',
  loopback: '此地址是本机；这类请求会被拒绝',
  allowLoopback: '试用时可在顶层写 allowLoopback: true',
  unknownConnection: (name) => `没有名为“${name}”的连接`,
  cannotWrite: (name, vendor) => `连接 ${name} 的类型是 ${vendor}：任务和等级目前只能写入 zoho 连接`,
  writeElsewhere: '请改为 zoho 连接，或使用 standard-webhook 渠道',
  noClient: (name) => `连接 ${name} 没有 client：只能接收，不能写入`,
  addClient: (name) => `请为连接 ${name} 添加 client: { id, secret, refreshToken }`,
  unset: (name) => `环境变量 ${name} 未设置`,
  setIt: (name) => `启动前执行 export ${name}=…`,
  noSecretFile: (file) => `密钥文件 ${file} 无法读取或为空`,
  noFile: (file) => `文件 ${file} 不存在`,
  noWorkspace: '执行 `regrade init` 生成一份，或用 --workspace FILE 指定',
  unreadable: (file, code) => `${file} 无法读取（${code}）`,
  otherCurrency: (model, workspace) => `模型以 ${model} 计，工作区以 ${workspace} 计`,
  sameCurrency: (workspace) => `请写 currency: ${workspace}，或修改工作区的币种`,
  repeatedId: (kind, id, file) => `${kind === 'model' ? '模型' : '剧本'}“${id}”已在 ${file} 中定义`,
  unfed: (kind, name) => `没有连接提供${kind === 'facts' ? '事实' : '属性'} ${name}：它将始终未知`,
  mapIt: '请在某个连接的映射中写明，或在此处删除',
  otherId: '请改用不同的 id',
};

export const settingTexts: Readonly<Record<Language, SettingTexts>> = { en: english, zh: chinese };

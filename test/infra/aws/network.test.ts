import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type FunctionName, functionNames } from '#shared/definitions/functions.ts';
import { type Around, everybody, lookAt, nobody, noNames, ofType, resourcesOf, stageOf } from './kept-world.ts';

const networkOf = (name: string, choices: Readonly<Record<string, unknown>> = {}, around: Around = {}) => {
  const { network } = lookAt(stageOf(name, choices), around);
  if (network === undefined) throw new Error(`${name} has no network`);
  return { network, template: Template.fromStack(network), resources: resourcesOf(network) };
};

const newNetwork = (wayOut: object = { kind: 'none' }, more: object = {}) => ({
  network: { kind: 'new', zones: ['us-east-1a', 'us-east-1b'], wayOut, ...more },
  stream: { kind: 'msk-provisioned', topics: { replicas: 2 } },
  region: 'us-east-1',
});

const subnetsOf = ({ resources }: ReturnType<typeof networkOf>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::EC2::Subnet')
      .map(([id, { Properties }]) => [id, Properties['CidrBlock']]),
  );

/** Functions with a place, by the kind of place. */
const placesOf = ({ network }: ReturnType<typeof networkOf>): Readonly<Record<string, readonly FunctionName[]>> => {
  const places: Record<string, FunctionName[]> = {};
  for (const name of functionNames) {
    const place = network.placeOf(name);
    const kind = place?.securityGroups.map(({ node }) => node.id).join() ?? 'outside';
    (places[kind] ??= []).push(name);
  }
  return places;
};

// what CDK is made of is read when it is first used, and a busy machine takes its time over a template
vi.setConfig({ testTimeout: 60_000 });
beforeAll(() => void networkOf('msk-new'), 60_000);

describe('a new network', () => {
  it('has no way to the internet where nobody calls out', () => {
    const { template, network } = networkOf('msk-new', newNetwork({ kind: 'nat' }), { calls: nobody });
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway', 'AWS::EC2::EIP', 'AWS::EC2::Route'])
      template.resourceCountIs(type, 0);
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    expect(network.natGatewayIds).toEqual([]);
  });

  it('has one for functions that call out, and brokers stand apart from it', () => {
    const made = networkOf('msk-new', newNetwork({ kind: 'nat' }), { calls: everybody });
    made.template.resourceCountIs('AWS::EC2::NatGateway', 1);
    expect(made.network.natGatewayIds).toHaveLength(1);
    expect(placesOf(made)).toEqual({
      Functions: ['receive-webhook', 'grade-customers', 'rank-cohorts'],
      Callers: ['resolve-records', 'keep-time'],
      outside: ['act-on-changes'],
    });
    const { brokers, network } = { brokers: made.network.brokers, network: made.network };
    const subnetIds = (place: typeof brokers) => place?.vpc.selectSubnets(place.vpcSubnets).subnetIds ?? [];
    expect(subnetIds(brokers)).toEqual(subnetIds(network.placeOf('grade-customers')));
    expect(subnetIds(brokers)).not.toEqual(subnetIds(network.placeOf('resolve-records')));
  });

  it('gives no machine a public address and keeps a default group that lets nothing through', () => {
    const { template } = networkOf('msk-new', newNetwork({ kind: 'nat' }), { calls: everybody });
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });

  it('reaches the table and the bucket for nothing, and Secrets Manager where somebody inside reads a secret', () => {
    const services = (around: Around, more: object = {}) =>
      ofType(networkOf('msk-new', { ...newNetwork(), ...more }, around).resources, 'AWS::EC2::VPCEndpoint')
        .map(({ Properties }) => /([a-z0-9]+)("\]\]\}|")$/.exec(JSON.stringify(Properties['ServiceName']))?.[1])
        .sort();
    expect(services({})).toEqual(['dynamodb', 's3', 'secretsmanager']);
    expect(services({ secretNames: noNames })).toEqual(['dynamodb', 's3']);
    expect(services({ secretNames: noNames }, { mappings: { mode: 'plain' } })).toEqual([
      'dynamodb',
      'lambda',
      's3',
      'sts',
    ]);
  });

  it('keeps what was refused in it for as long as the stage keeps its logs', () => {
    const { template } = networkOf('msk-new', { ...newNetwork(), retention: { logDays: 14 } });
    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'REJECT', ResourceType: 'VPC' });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 14 });
    template.allResourcesProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: Match.anyValue() } });
  });

  it('keeps its subnets where they are when a way out, a gateway or a zone is added', () => {
    const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
    const nat = { kind: 'nat' };
    const inside = subnetsOf(networkOf('msk-new', newNetwork()));
    const all = subnetsOf(networkOf('msk-new', newNetwork(nat), { calls: everybody }));
    expect([inside, all].map((subnets) => Object.keys(subnets).length)).toEqual([2, 6]);
    expect(all).toMatchObject(inside);
    const more = [newNetwork({ ...nat, gateways: 2 }), newNetwork({ kind: 'fixed-ip' }), newNetwork(nat, { zones })];
    for (const choices of more)
      expect(subnetsOf(networkOf('msk-new', choices, { calls: everybody }))).toMatchObject(all);
  });

  it.each(['10.0.0.0/24', '10.0.0.0/16'])('fits four zones in %s', (cidr) => {
    const zones = ['a', 'b', 'c', 'd'].map((letter) => `us-east-1${letter}`);
    const made = networkOf('msk-new', newNetwork({ kind: 'nat' }, { cidr, zones }), { calls: everybody });
    const blocks = Object.values(subnetsOf(made)).map(String);
    expect(new Set(blocks).size).toBe(12);
    for (const block of blocks) expect(Number(block.split('/')[1])).toBeLessThanOrEqual(28);
  });

  it('looks no zone up where none is named, and takes two', () => {
    const { resources } = networkOf('msk-new', newNetwork({ kind: 'none' }, { zones: undefined }));
    expect(ofType(resources, 'AWS::EC2::Subnet').map(({ Properties }) => Properties['AvailabilityZone'])).toEqual(
      [0, 1].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })),
    );
  });
});

describe('fixed addresses', () => {
  it('outlive the network, are told, and are those of the gateways', () => {
    const { template, resources } = networkOf('fixed-ip', {}, { calls: everybody });
    const [[id, address] = []] = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::EC2::EIP');
    expect(address).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.hasOutput('FixedIp1', { Value: { 'Fn::GetAtt': [id, 'PublicIp'] } });
    template.allResourcesProperties('AWS::EC2::NatGateway', { AllocationId: { 'Fn::GetAtt': [id, 'AllocationId'] } });
  });

  it('stay while nobody calls out', () => {
    const quiet = networkOf('fixed-ip', {}, { calls: nobody });
    quiet.template.resourceCountIs('AWS::EC2::NatGateway', 0);
    quiet.template.resourceCountIs('AWS::EC2::EIP', 1);
  });

  it('are for every function that calls out, and for these alone where the brokers are public', () => {
    expect(placesOf(networkOf('fixed-ip', {}, { calls: everybody }))['Callers']).toEqual([
      'resolve-records',
      'act-on-changes',
      'keep-time',
    ]);
  });
});

describe('who may talk to the brokers', () => {
  const ingressOf = ({ resources }: ReturnType<typeof networkOf>) =>
    ofType(resources, 'AWS::EC2::SecurityGroupIngress').map(({ Properties }) => Properties);
  const idOf = (value: unknown): string =>
    /(Functions|Callers|Brokers|Endpoints)/.exec(JSON.stringify(value))?.[1] ?? String(value);

  it('is functions and pollers, at the port of the sign-in', () => {
    const made = networkOf('msk-new', newNetwork({ kind: 'nat' }), { calls: everybody });
    const rules = ingressOf(made).map(({ GroupId, SourceSecurityGroupId, FromPort, ToPort, IpProtocol }) =>
      [idOf(GroupId), idOf(SourceSecurityGroupId), FromPort, ToPort, IpProtocol].join(' '),
    );
    expect(rules.sort()).toEqual([
      'Brokers Brokers 9098 9098 tcp',
      'Brokers Callers 9098 9098 tcp',
      'Brokers Functions 9098 9098 tcp',
      'Endpoints Brokers 443 443 tcp',
      'Endpoints Callers 443 443 tcp',
      'Endpoints Functions 443 443 tcp',
    ]);
    for (const { Properties } of ofType(made.resources, 'AWS::EC2::SecurityGroup'))
      expect(Properties['SecurityGroupIngress']).toBeUndefined();
  });

  it.each([
    ['msk-iam', 9098],
    ['msk-scram', 9096],
    ['msk-mtls', 9094],
  ])('is let in at the group of a cluster that is there: %s', (name, port) => {
    const { stream } = stageOf(name);
    if (stream.kind !== 'msk') throw new Error('the example has another stream');
    const rules = ingressOf(networkOf(name, {}, { calls: everybody })).filter(
      ({ GroupId }) => GroupId === stream.securityGroupId,
    );
    expect(rules.map(({ SourceSecurityGroupId, FromPort }) => [idOf(SourceSecurityGroupId), FromPort])).toEqual([
      ['Functions', port],
      ['Callers', port],
      [stream.securityGroupId, port],
    ]);
  });

  it('goes to AWS and to the brokers, and nowhere else, from a private subnet', () => {
    const { template } = networkOf('kafka-private-scram', {}, { calls: nobody });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('brokers and AWS alone'),
      SecurityGroupEgress: [Match.objectLike({ FromPort: 443 }), Match.objectLike({ FromPort: 9096, ToPort: 9096 })],
    });
  });
});

describe('an existing network', () => {
  it('is taken as the stage describes it, without a look-up', () => {
    const { network } = stageOf('msk-iam');
    if (network.kind !== 'existing') throw new Error('the example has another network');
    const made = networkOf('msk-iam', {}, { calls: everybody });
    for (const type of ['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::NatGateway'])
      made.template.resourceCountIs(type, 0);
    const place = made.network.placeOf('grade-customers');
    expect(place?.vpc.selectSubnets(place.vpcSubnets).subnetIds).toEqual(network.privateSubnetIds);
    const out = made.network.placeOf('resolve-records');
    expect(out?.vpc.selectSubnets(out.vpcSubnets).subnetIds).toEqual(network.outSubnetIds);
  });

  it('gets the endpoints that it has not, and no others', () => {
    const base = {
      kind: 'existing',
      vpcId: 'vpc-0a1b2c3d4e5f60701',
      zones: ['us-east-1a'],
      privateSubnetIds: ['subnet-0a1b2c3d4e5f60701'],
    };
    const services = (more: object) =>
      ofType(
        networkOf('msk-scram', { region: 'us-east-1', network: { ...base, ...more } }).resources,
        'AWS::EC2::VPCEndpoint',
      )
        .map(({ Properties }) => String(Properties['ServiceName']).split('.').at(-1))
        .sort();
    expect(services({})).toEqual(['secretsmanager']);
    expect(services({ secretsEndpoint: false })).toEqual([]);
    expect(services({ routeTableIds: ['rtb-0a1b2c3d4e5f60701'] })).toEqual(['dynamodb', 's3', 'secretsmanager']);
    expect(services({ routeTableIds: ['rtb-0a1b2c3d4e5f60701'], bucketEndpoint: false })).toEqual([
      'dynamodb',
      'secretsmanager',
    ]);
  });

  it('says what to choose where a function could not get out', () => {
    const network = {
      kind: 'existing',
      vpcId: 'vpc-0a1b2c3d4e5f60701',
      zones: ['us-east-1a'],
      privateSubnetIds: ['subnet-0a1b2c3d4e5f60701'],
    };
    const made = networkOf('msk-scram', { network }, { calls: everybody });
    expect(() => made.network.placeOf('resolve-records')).toThrow('name network.outSubnetIds');
  });

  it('offers a place for pollers of private brokers alone', () => {
    expect(networkOf('kafka-private-scram').network.brokers).toBeDefined();
    expect(networkOf('fixed-ip', {}, { calls: everybody }).network.brokers).toBeUndefined();
  });
});

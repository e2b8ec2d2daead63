import { CfnOutput, type aws_ec2 as ec2, Fn, Stack, type StackProps, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type FunctionName, functionNames } from '../../../shared/definitions/functions.ts';
import { arePrivate, type Calls, placementOf } from '../config/placement.ts';
import type { Network } from '../config/stage.ts';
import { gatewayEndpoints, gatewayEndpointsAt, interfaceEndpoints, type Service } from '../network/endpoints.ts';
import { existingVpc } from '../network/existing-vpc.ts';
import { fixedAddresses } from '../network/fixed-addresses.ts';
import type { Ground } from '../network/ground.ts';
import { newVpc } from '../network/new-vpc.ts';
import { readsSecretsInPrivate } from '../network/private-secrets.ts';
import { type Groups, securityGroups } from '../network/security-groups.ts';
import type { OfStage, Place, SecretNames, Site } from '../parts.ts';

export interface NetworkStackProps extends StackProps, OfStage {
  readonly calls: Calls;
  readonly secretNames: SecretNames;
}

type AnyNetwork = Exclude<Network, { kind: 'none' }>;

/** Where functions and brokers stand that are not outside. Not to be made for `network: none`: that is `noSite`. */
export class NetworkStack extends Stack implements Site {
  readonly brokers: Place | undefined;
  /** Of gateways that are made here. */
  readonly natGatewayIds: readonly string[];
  readonly #props: NetworkStackProps;
  readonly #network: AnyNetwork;
  readonly #ground: Ground;
  readonly #groups: Groups;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    const { stage } = props;
    if (stage.network.kind === 'none') throw new Error('network: a stage without a network has no stack of one');
    this.#props = props;
    this.#network = stage.network;
    this.#ground = this.#lay(this.#network);
    this.natGatewayIds = this.#ground.natGatewayIds;
    this.#groups = securityGroups(this, this.#ground, stage.stream);
    this.#open(this.#network);
    this.brokers = arePrivate(stage) ? this.#place(this.#ground.private, this.#groups.brokers) : undefined;
    this.#exportPlaces();
  }

  /** Without a look-up two zones are all that an account is certain to have, unless the stage names them. */
  override get availabilityZones(): string[] {
    const { network } = this.#props.stage;
    const named = network.kind === 'none' ? undefined : network.zones;
    return named === undefined ? [0, 1].map((index) => Fn.select(index, Fn.getAzs())) : [...named];
  }

  placeOf(name: FunctionName): Place | undefined {
    const { stage, calls } = this.#props;
    switch (placementOf(name, stage, calls)) {
      case 'outside':
        return undefined;
      case 'private':
        return this.#place(this.#ground.private, this.#groups.functions);
      case 'way-out': {
        const { wayOut } = this.#ground;
        const { callers } = this.#groups;
        if (wayOut === undefined || callers === undefined)
          throw new Error(
            `network: ${name} calls others and has no way out: choose network.wayOut, or name network.outSubnetIds`,
          );
        return this.#place(wayOut, callers);
      }
    }
  }

  #place(vpcSubnets: ec2.SubnetSelection, group: ec2.ISecurityGroup): Place {
    return { vpc: this.#ground.vpc, vpcSubnets, securityGroups: [group] };
  }

  #lay(network: AnyNetwork): Ground {
    if (network.kind === 'existing') return existingVpc(this, network);
    const { stage, calls } = this.#props;
    return newVpc(this, {
      network,
      retention: stage.retention,
      zones: this.availabilityZones,
      withWayOut: functionNames.some((name) => placementOf(name, stage, calls) === 'way-out'),
      addresses: fixedAddresses(this, network),
    });
  }

  #open(network: AnyNetwork): void {
    const { vpc, made } = this.#ground;
    if (made !== undefined) gatewayEndpoints(made);
    if (network.kind === 'existing')
      gatewayEndpointsAt(this, vpc, network.routeTableIds, {
        TableEndpoint: 'dynamodb',
        ...(network.bucketEndpoint ? { BucketEndpoint: 's3' } : {}),
      });
    const { functions, callers, brokers } = this.#groups;
    interfaceEndpoints(this, this.#ground, this.#endpoints(network), [
      functions,
      brokers,
      ...(callers === undefined ? [] : [callers]),
    ]);
  }

  #endpoints(network: AnyNetwork): readonly Service[] {
    const { stage, calls, secretNames } = this.#props;
    const forSecrets = network.kind === 'new' || network.secretsEndpoint;
    return [
      ...(forSecrets && readsSecretsInPrivate(stage, calls, secretNames) ? (['SecretsManager'] as const) : []),
      // pollers that are not our own stand in the brokers' subnets and call the functions from there
      ...(network.kind === 'new' && arePrivate(stage) && stage.mappings.mode === 'plain'
        ? (['Lambda', 'Sts'] as const)
        : []),
    ];
  }

  /** What other stacks build upon stays exported when they are gone, so that it does not change with them. */
  #exportPlaces(): void {
    const { vpc, made } = this.#ground;
    const { functions, callers, brokers } = this.#groups;
    new CfnOutput(this, 'FunctionsGroup', {
      value: functions.securityGroupId,
      description: 'Let it in at the brokers, where they are not made here',
    });
    const subnets = made === undefined ? [] : [...made.isolatedSubnets, ...made.privateSubnets];
    const groups = [functions, brokers, ...(callers === undefined ? [] : [callers])];
    const ids = [
      vpc.vpcId,
      ...subnets.map(({ subnetId }) => subnetId),
      ...groups.map(({ securityGroupId }) => securityGroupId),
      ...this.natGatewayIds,
    ];
    // what was there before has its name in the stage file
    for (const id of ids.filter((each) => Token.isUnresolved(each))) this.exportValue(id);
  }
}

/** Every function stands outside. */
export const noSite: Site = { placeOf: () => undefined, brokers: undefined };

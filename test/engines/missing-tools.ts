import { spawnSync } from 'node:child_process';

export interface NeededEngines {
  readonly kafka: boolean;
  readonly dynamoDb: boolean;
}

/** What has to be installed before these engines can be started here: a line each, saying how. */
export const missingTools = ({ kafka, dynamoDb }: NeededEngines): readonly string[] => {
  const lines: string[] = [];
  const java = kafka || dynamoDb ? javaVersion() : Number.POSITIVE_INFINITY;
  if (java === undefined)
    lines.push('Java is missing. Install Java 17 or later, e.g. apt-get install openjdk-17-jre-headless');
  else if (java < 17)
    lines.push(`Java ${java} is too old. Install Java 17 or later, e.g. apt-get install openjdk-17-jre-headless`);
  if (kafka && !runs('mvn', '-v'))
    lines.push('Maven is missing: it fetches Apache Kafka. Install it, e.g. apt-get install maven');
  if (kafka && !runs('openssl', 'version'))
    lines.push(
      'OpenSSL is missing: it makes the certificates of the TLS tests. Install it, e.g. apt-get install openssl',
    );
  return lines;
};

const runs = (command: string, argument: string): boolean =>
  spawnSync(command, [argument], { stdio: 'ignore' }).error === undefined;

/** The first number of `java -version`, which goes to stderr; old ones say 1.8. */
const javaVersion = (): number | undefined => {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const match = error === undefined ? /version "(?:1\.)?(\d+)/.exec(stderr) : null;
  return match?.[1] === undefined ? undefined : Number(match[1]);
};

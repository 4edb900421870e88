import { readFileSync } from 'node:fs';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { TextOptions } from '../../io/text-options.ts';
import { messageOf } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { SaslOptions } from './connection-options.ts';
import { parseJaas } from './jaas.ts';

/** What Kafka's own settings say of encryption and login, in the words of the connection. */
export interface SecuritySettings {
  readonly ssl?: TlsOptions | true;
  readonly sasl?: SaslOptions;
}

const protocols = new Set(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']);
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

const honoured = [
  'kafka.security.protocol',
  'kafka.sasl.mechanism',
  'kafka.sasl.jaas.config',
  'kafka.ssl.truststore.type',
  'kafka.ssl.truststore.location',
  'kafka.ssl.truststore.certificates',
  'kafka.ssl.keystore.type',
  'kafka.ssl.keystore.location',
  'kafka.ssl.keystore.password',
  'kafka.ssl.keystore.key',
  'kafka.ssl.keystore.certificate.chain',
  'kafka.ssl.key.password',
  'kafka.ssl.enabled.protocols',
  'kafka.ssl.protocol',
  'kafka.ssl.endpoint.identification.algorithm',
];
const honouredNames = new Set(honoured);

/** PEM files have no password; Kafka's settings of other clients often name one all the same. */
const withoutEffect = new Set(['kafka.ssl.truststore.password']);

/** What is to be done about a setting of the JVM's that has no counterpart here. */
const mends: readonly (readonly [start: string, mend: string])[] = [
  ['kafka.sasl.kerberos', 'Kerberos needs the JVM; log in with PLAIN or SCRAM'],
  [
    'kafka.sasl.oauthbearer',
    'OAUTHBEARER is there for kafkaStream, with a function in sasl; log in with PLAIN or SCRAM',
  ],
  ['kafka.sasl.', 'classes of the JVM cannot be loaded; leave it out and log in with PLAIN or SCRAM'],
  ['kafka.ssl.cipher.suites', 'leave it out: Node and the broker agree on a suite'],
  ['kafka.ssl.', 'leave it out: TLS is that of Node'],
  ['kafka.security.', 'leave it out: there are no providers to install'],
];

/**
 * Reads `kafka.security.protocol`, `kafka.sasl.*` and `kafka.ssl.*`. Certificates come as PEM texts or files, keys also as PKCS12; a
 * setting that cannot be honoured is a problem that says what to do instead, never something that is silently left out.
 */
export function readSecurity(options: TextOptions, problems: string[]): SecuritySettings {
  for (const [name] of options.entries()) refuse(name, problems);
  const protocol = (options.get('kafka.security.protocol') ?? 'PLAINTEXT').toUpperCase();
  if (!protocols.has(protocol)) {
    problems.push(`kafka.security.protocol must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, not ${protocol}`);
    return {};
  }
  return {
    ...(protocol.endsWith('SSL') ? { ssl: tlsOf(options, problems) } : {}),
    ...(protocol.startsWith('SASL') ? { sasl: loginOf(options, problems) } : {}),
  };
}

function refuse(name: string, problems: string[]): void {
  const lower = name.toLowerCase();
  if (!/^kafka\.(?:ssl|sasl|security)\./u.test(lower) || honouredNames.has(lower) || withoutEffect.has(lower)) return;
  const near = nearest(lower, honoured);
  const mend = mends.find(([start]) => lower.startsWith(start))?.[1] ?? '';
  problems.push(
    near === undefined ? `${name} cannot be honoured: ${mend}` : `${name} is not known, did you mean ${near}?`,
  );
}

function loginOf(options: TextOptions, problems: string[]): SaslOptions {
  const mechanism = (options.get('kafka.sasl.mechanism') ?? 'GSSAPI').toUpperCase();
  if (!mechanisms.includes(mechanism)) {
    const given = options.get('kafka.sasl.mechanism') === undefined ? 'is GSSAPI when left out, which' : mechanism;
    problems.push(`kafka.sasl.mechanism ${given} cannot be honoured: set it to ${mechanisms.join(', ')}`);
  }
  const jaas = options.get('kafka.sasl.jaas.config');
  const { username, password } = jaas === undefined ? {} : parseJaas(jaas);
  if (username === undefined || password === undefined) {
    problems.push(
      'kafka.sasl.jaas.config must be \'org.apache.kafka.common.security.plain.PlainLoginModule required username="..." password="...";\' (scram.ScramLoginModule for SCRAM)',
    );
  }
  return { mechanism: mechanism.toLowerCase(), username, password };
}

function tlsOf(options: TextOptions, problems: string[]): TlsOptions | true {
  const tls: TlsOptions = {
    ...trusted(options, problems),
    ...ownKey(options, problems),
    ...versions(options, problems),
    ...identity(options, problems),
  };
  return Object.keys(tls).length === 0 ? true : tls;
}

function trusted(options: TextOptions, problems: string[]): TlsOptions {
  const pem = options.get('kafka.ssl.truststore.certificates');
  const location = options.get('kafka.ssl.truststore.location');
  if (pem !== undefined) return { ca: pem };
  if (location === undefined) return {};
  const bytes = readStore('kafka.ssl.truststore.location', location, problems);
  if (bytes === undefined) return {};
  if (!isPem(bytes)) {
    problems.push(
      `kafka.ssl.truststore.location ${location} cannot be honoured: only PEM is. Make it with 'keytool -exportcert -rfc -keystore ${location} -alias NAME -file ca.pem', and set kafka.ssl.truststore.type to PEM`,
    );
    return {};
  }
  return { ca: bytes };
}

function ownKey(options: TextOptions, problems: string[]): TlsOptions {
  const password = options.get('kafka.ssl.key.password') ?? options.get('kafka.ssl.keystore.password');
  const passphrase = password === undefined ? {} : { passphrase: password };
  const [key, cert] = [options.get('kafka.ssl.keystore.key'), options.get('kafka.ssl.keystore.certificate.chain')];
  if (key !== undefined || cert !== undefined) {
    if (key !== undefined && cert !== undefined) return { key, cert, ...passphrase };
    problems.push('kafka.ssl.keystore.key and kafka.ssl.keystore.certificate.chain go together');
    return {};
  }
  const location = options.get('kafka.ssl.keystore.location');
  if (location === undefined) return {};
  const bytes = readStore('kafka.ssl.keystore.location', location, problems);
  if (bytes === undefined) return {};
  if (isPem(bytes)) return { key: bytes, cert: bytes, ...passphrase };
  // DER, which PKCS12 is: a sequence whose length takes two bytes or more.
  if (bytes[0] === 0x30) return { pfx: bytes, ...passphrase };
  problems.push(
    `kafka.ssl.keystore.location ${location} cannot be honoured: it is neither PEM nor PKCS12. Convert it with 'keytool -importkeystore -srckeystore ${location} -destkeystore client.p12 -deststoretype PKCS12'`,
  );
  return {};
}

function readStore(option: string, path: string, problems: string[]): Buffer | undefined {
  const typeOption = option.replace('location', 'type');
  try {
    return readFileSync(path.replace(/^file:(?:\/\/)?(?=\/)/u, ''));
  } catch (error) {
    problems.push(`${option} cannot be read (${messageOf(error)}); ${typeOption} says what it is`);
    return undefined;
  }
}

function isPem(bytes: Buffer): boolean {
  return bytes.includes('-----BEGIN ');
}

const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;

function versions(options: TextOptions, problems: string[]): TlsOptions {
  const name =
    options.get('kafka.ssl.enabled.protocols') === undefined ? 'kafka.ssl.protocol' : 'kafka.ssl.enabled.protocols';
  const given = options
    .get(name)
    ?.split(',')
    .map((one) => one.trim());
  if (given === undefined) return {};
  const wrong = given.find((one) => !tlsVersions.some((version) => version === one));
  if (wrong !== undefined) {
    problems.push(`${name} ${wrong} cannot be honoured: use ${tlsVersions.join(', ')}`);
    return {};
  }
  const chosen = tlsVersions.filter((version) => given.includes(version));
  const [least, most] = [chosen[0], chosen.at(-1)];
  // As for the JVM, `ssl.protocol` names the newest that is spoken.
  if (name === 'kafka.ssl.protocol') return most === undefined ? {} : { maxVersion: most };
  return least === undefined || most === undefined ? {} : { minVersion: least, maxVersion: most };
}

function identity(options: TextOptions, problems: string[]): TlsOptions {
  const algorithm = options.get('kafka.ssl.endpoint.identification.algorithm')?.trim().toLowerCase();
  if (algorithm === undefined || algorithm === 'https') return {};
  if (algorithm === '') return { checkServerIdentity: () => undefined };
  problems.push(
    `kafka.ssl.endpoint.identification.algorithm ${algorithm} cannot be honoured: leave it out, or make it empty to accept a certificate for another host`,
  );
  return {};
}

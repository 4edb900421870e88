import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSinkOptions } from '../../../lib/connectors/kafka/sink-options.ts';
import { parseTableOptions } from '../../../lib/connectors/kafka/table-options.ts';
import { TextOptions } from '../../../lib/io/text-options.ts';
import { messageOf } from '../../../lib/kernel/errors.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
let folder = '';
const place = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-tls-'));
  writeFileSync(place('ca.pem'), pem);
  writeFileSync(place('client.p12'), Buffer.from([0x30, 0x82, 1, 2]));
  writeFileSync(place('trust.jks'), Buffer.from([0xfe, 0xed, 0xfe, 0xed]));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Options = Readonly<Record<string, string>>;

function ofSource(options: Options) {
  const given = { 'kafka.bootstrap.servers': 'host:9092', subscribe: 't', ...withFolder(options) };
  const { ssl, sasl } = parseTableOptions(new TextOptions(given), true).source;
  return { ssl, sasl };
}

function ofSink(options: Options) {
  const { ssl, sasl } = parseSinkOptions({
    brokers: 'host:9092',
    topic: 't',
    security: new TextOptions(withFolder(options)),
  });
  return { ssl, sasl };
}

/** `DIR/` is where the files are. */
function withFolder(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, value.replace('DIR/', `${folder}/`)]),
  );
}

describe("Kafka's settings of security", () => {
  it.each<[string, Options, ReturnType<typeof ofSource>]>([
    ['nothing at all', {}, { ssl: false, sasl: undefined }],
    ['TLS that trusts what Node trusts', { 'kafka.security.protocol': 'SSL' }, { ssl: true, sasl: undefined }],
    [
      'an authority as a text',
      {
        'kafka.security.protocol': 'ssl',
        'kafka.ssl.truststore.type': 'PEM',
        'kafka.ssl.truststore.certificates': pem,
      },
      { ssl: { ca: pem }, sasl: undefined },
    ],
    [
      'an authority in a file, whose password means nothing',
      {
        'kafka.security.protocol': 'SSL',
        'kafka.ssl.truststore.location': 'DIR/ca.pem',
        'kafka.ssl.truststore.password': 'p',
      },
      { ssl: { ca: Buffer.from(pem) }, sasl: undefined },
    ],
    [
      'a key of its own as PKCS12',
      {
        'kafka.security.protocol': 'SSL',
        'kafka.ssl.keystore.location': 'DIR/client.p12',
        'kafka.ssl.keystore.password': 'secret',
      },
      { ssl: { pfx: Buffer.from([0x30, 0x82, 1, 2]), passphrase: 'secret' }, sasl: undefined },
    ],
    [
      'a key of its own as texts',
      {
        'kafka.security.protocol': 'SSL',
        'kafka.ssl.keystore.key': 'K',
        'kafka.ssl.keystore.certificate.chain': 'C',
        'kafka.ssl.key.password': 'secret',
      },
      { ssl: { key: 'K', cert: 'C', passphrase: 'secret' }, sasl: undefined },
    ],
    [
      'versions of TLS',
      { 'kafka.security.protocol': 'SSL', 'kafka.ssl.enabled.protocols': 'TLSv1.3,TLSv1.2' },
      { ssl: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' }, sasl: undefined },
    ],
    [
      'SCRAM within TLS',
      {
        'kafka.security.protocol': 'SASL_SSL',
        'kafka.sasl.mechanism': 'SCRAM-SHA-512',
        'kafka.sasl.jaas.config': `${plain} username='ann' password="a \\"b\\" c";`,
      },
      { ssl: true, sasl: { mechanism: 'scram-sha-512', username: 'ann', password: 'a "b" c' } },
    ],
    [
      'PLAIN without TLS, with values that are not quoted',
      {
        'kafka.security.protocol': 'SASL_PLAINTEXT',
        'kafka.sasl.mechanism': 'PLAIN',
        'kafka.sasl.jaas.config': `${plain} username=ann password=pw;`,
      },
      { ssl: false, sasl: { mechanism: 'plain', username: 'ann', password: 'pw' } },
    ],
  ])('become those of the connection, for source and sink: %s', (_, options, expected) => {
    expect(ofSource(options)).toEqual(expected);
    expect(ofSink(options)).toEqual(expected);
  });

  it('accept a certificate for another host when they say so', () => {
    const { ssl } = ofSource({
      'kafka.security.protocol': 'SSL',
      'kafka.ssl.endpoint.identification.algorithm': '',
    });
    expect((ssl as { checkServerIdentity(): unknown }).checkServerIdentity()).toBeUndefined();
  });

  it.each<[Options, string]>([
    [{ 'kafka.security.protocol': 'TLS' }, 'must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, not TLS'],
    [
      { 'kafka.security.protocol': 'SASL_SSL' },
      'kafka.sasl.mechanism is GSSAPI when left out, which cannot be honoured',
    ],
    [
      { 'kafka.security.protocol': 'SASL_SSL', 'kafka.sasl.mechanism': 'OAUTHBEARER' },
      'kafka.sasl.mechanism OAUTHBEARER cannot be honoured: set it to PLAIN',
    ],
    [
      { 'kafka.security.protocol': 'SASL_SSL', 'kafka.sasl.mechanism': 'PLAIN', 'kafka.sasl.jaas.config': plain },
      'kafka.sasl.jaas.config must be',
    ],
    [{ 'kafka.sasl.kerberos.service.name': 'kafka' }, 'kafka.sasl.kerberos.service.name cannot be honoured: Kerberos'],
    [{ 'kafka.ssl.engine.factory.class': 'x.Y' }, 'kafka.ssl.engine.factory.class cannot be honoured: leave it out'],
    [{ 'kafka.ssl.truststore.locatoin': 'x' }, 'did you mean kafka.ssl.truststore.location?'],
    [
      { 'kafka.security.protocol': 'SSL', 'kafka.ssl.truststore.location': 'DIR/trust.jks' },
      'keytool -exportcert -rfc',
    ],
    [{ 'kafka.security.protocol': 'SSL', 'kafka.ssl.keystore.location': 'DIR/trust.jks' }, '-deststoretype PKCS12'],
    [{ 'kafka.security.protocol': 'SSL', 'kafka.ssl.keystore.location': 'DIR/gone.p12' }, 'ENOENT'],
    [{ 'kafka.security.protocol': 'SSL', 'kafka.ssl.keystore.key': 'K' }, 'go together'],
    [
      { 'kafka.security.protocol': 'SSL', 'kafka.ssl.protocol': 'SSLv3' },
      'kafka.ssl.protocol SSLv3 cannot be honoured',
    ],
    [
      { 'kafka.security.protocol': 'SSL', 'kafka.ssl.endpoint.identification.algorithm': 'ldaps' },
      'make it empty to accept a certificate for another host',
    ],
  ])('that cannot be honoured are refused by source and sink: %j', (options, said) => {
    for (const read of [ofSource, ofSink]) {
      let text = '';
      try {
        read(options);
      } catch (error) {
        text = messageOf(error);
      }
      expect(text).toContain(said);
    }
  });
});

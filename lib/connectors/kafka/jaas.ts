/** User and password of a line of JAAS. */
export interface JaasLogin {
  readonly username?: string;
  readonly password?: string;
}

/**
 * Reads `kafka.sasl.jaas.config`: the options of one login module. Quoted values may hold `\"` and `\\`.
 *
 * @example
 * parseJaas('org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="b";')   // => { username: 'a', password: 'b' }
 */
export function parseJaas(text: string): JaasLogin {
  const found: Record<string, string> = {};
  const pair = /([A-Za-z_]\w*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))/gu;
  for (const [, name, double, single, plain] of text.matchAll(pair)) {
    if (name !== 'username' && name !== 'password') continue;
    found[name] = plain ?? (double ?? single ?? '').replaceAll(/\\(.)/gu, '$1');
  }
  return found;
}

import { isIP } from 'node:net';

/**
 * Whether a request may be answered, by the name it used for us. A page of a stranger can be made to send requests to this machine under
 * a name of its own (DNS rebinding): names other than our own are refused.
 *
 * On the loopback address only its own names are taken; on another one any address in digits, since no name can be rebound to digits.
 *
 * @example
 * isOurHost('localhost:4040', { address: '127.0.0.1', port: 4040 })   // => true
 */
export function isOurHost(
  host: string | undefined,
  { address, port }: { readonly address: string; readonly port: number },
): boolean {
  const [, name = '', given] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/u.exec(host ?? '') ?? [];
  if (Number(given ?? 80) !== port) return false;
  const bare = name.replace(/^\[|\]$/gu, '').toLowerCase();
  if (bare === 'localhost' || bare === '127.0.0.1' || bare === '::1' || bare === address) return true;
  return !isLoopback(address) && isIP(bare) !== 0;
}

/** @example isLoopback('127.0.0.1')   // => true */
function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}

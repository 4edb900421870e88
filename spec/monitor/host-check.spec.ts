import { describe, expect, it } from '@jest/globals';
import { isOurHost } from '../../lib/monitor/host-check.ts';

describe('the names that requests may use', () => {
  it.each<[string | undefined, string, boolean]>([
    ['127.0.0.1:4040', '127.0.0.1', true],
    ['localhost:4040', '127.0.0.1', true],
    ['LocalHost:4040', '127.0.0.1', true],
    ['[::1]:4040', '127.0.0.1', true],
    ['localhost:4041', '127.0.0.1', false],
    ['localhost', '127.0.0.1', false],
    ['evil.example:4040', '127.0.0.1', false],
    ['127.0.0.1.evil.example:4040', '127.0.0.1', false],
    ['localhost.evil.example:4040', '127.0.0.1', false],
    ['localhost:4040@evil.example', '127.0.0.1', false],
    ['10.0.0.7:4040', '127.0.0.1', false],
    ['', '127.0.0.1', false],
    [undefined, '127.0.0.1', false],
    ['10.0.0.7:4040', '0.0.0.0', true],
    ['[fe80::1]:4040', '0.0.0.0', true],
    ['evil.example:4040', '0.0.0.0', false],
    ['box.lan:4040', 'box.lan', true],
  ])('%s on %s: %s', (host, address, isOurs) => {
    expect(isOurHost(host, { address, port: 4040 })).toBe(isOurs);
  });
});

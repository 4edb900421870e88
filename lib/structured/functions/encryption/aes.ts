import { raise } from '../../../kernel/errors.ts';
import { AesKey } from './aes-block.ts';

type Mode = 'ECB' | 'CBC' | 'GCM';

/** How a call encrypts; `iv` and `aad` are empty where none is given. */
export interface AesSettings {
  readonly mode: string;
  readonly padding: string;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
}

const ivBytes = { ECB: 0, CBC: 16, GCM: 12 } as const;
const tagBytes = 16;

/** What `aes_encrypt` gives: the initialization vector in front, the tag of GCM behind. */
export function aesEncrypt(input: Uint8Array, key: Uint8Array, settings: AesSettings): Uint8Array {
  const mode = modeOf('aes_encrypt', settings);
  const aes = keyOf('aes_encrypt', key);
  if (settings.iv.length > 0 && mode === 'ECB')
    raise('UNSUPPORTED_FEATURE.AES_MODE_IV', { mode, functionName: 'aes_encrypt' });
  if (settings.aad.length > 0 && mode !== 'GCM')
    raise('UNSUPPORTED_FEATURE.AES_MODE_AAD', { mode, functionName: 'aes_encrypt' });
  const wanted = ivBytes[mode];
  if (settings.iv.length > 0 && settings.iv.length !== wanted) {
    raise('INVALID_PARAMETER_VALUE.AES_IV_LENGTH', {
      mode,
      functionName: 'aes_encrypt',
      actualLength: settings.iv.length,
    });
  }
  const iv = settings.iv.length > 0 ? settings.iv : crypto.getRandomValues(new Uint8Array(wanted));
  if (mode === 'GCM') {
    const encrypted = counted(aes, iv, input);
    return joined(iv, encrypted, tagOf(aes, iv, encrypted, settings.aad));
  }
  const padded = pad(input);
  const output = new Uint8Array(padded.length);
  let before = iv;
  for (let at = 0; at < padded.length; at += 16) {
    const block = padded.subarray(at, at + 16);
    before = aes.encrypt(mode === 'CBC' ? xor(block, before) : block);
    output.set(before, at);
  }
  return joined(iv, output);
}

/** What `aes_encrypt` was given; undefined for what it did not make with this key. */
export function aesDecrypt(input: Uint8Array, key: Uint8Array, settings: AesSettings): Uint8Array | undefined {
  const mode = modeOf('aes_decrypt', settings);
  const aes = keyOf('aes_decrypt', key);
  if (settings.aad.length > 0 && mode !== 'GCM')
    raise('UNSUPPORTED_FEATURE.AES_MODE_AAD', { mode, functionName: 'aes_decrypt' });
  const iv = input.subarray(0, ivBytes[mode]);
  const rest = input.subarray(ivBytes[mode]);
  if (mode === 'GCM') {
    if (rest.length < tagBytes) return undefined;
    const encrypted = rest.subarray(0, rest.length - tagBytes);
    const tag = tagOf(aes, iv, encrypted, settings.aad);
    const isTrue = tag.every((byte, i) => byte === rest[encrypted.length + i]);
    return isTrue ? counted(aes, iv, encrypted) : undefined;
  }
  if (rest.length === 0 || rest.length % 16 !== 0) return undefined;
  const output = new Uint8Array(rest.length);
  let before = iv;
  for (let at = 0; at < rest.length; at += 16) {
    const block = rest.subarray(at, at + 16);
    output.set(mode === 'CBC' ? xor(aes.decrypt(block), before) : aes.decrypt(block), at);
    before = block;
  }
  return unpad(output);
}

function modeOf(functionName: string, { mode, padding }: AesSettings): Mode {
  const [name, fill] = [mode.toUpperCase(), padding.toUpperCase()];
  const isBlock = (name === 'ECB' || name === 'CBC') && (fill === 'DEFAULT' || fill === 'PKCS');
  if (isBlock || (name === 'GCM' && (fill === 'DEFAULT' || fill === 'NONE'))) return name;
  return raise('UNSUPPORTED_FEATURE.AES_MODE', { mode, padding, functionName });
}

function keyOf(functionName: string, key: Uint8Array): AesKey {
  return [16, 24, 32].includes(key.length)
    ? new AesKey(key)
    : raise('INVALID_PARAMETER_VALUE.AES_KEY_LENGTH', { functionName, actualLength: key.length });
}

/** PKCS#7: so many bytes of that number as are missing to whole blocks, at least one. */
function pad(input: Uint8Array): Uint8Array {
  const missing = 16 - (input.length % 16);
  return joined(input, new Uint8Array(missing).fill(missing));
}

function unpad(output: Uint8Array): Uint8Array | undefined {
  const count = output.at(-1) ?? 0;
  if (count < 1 || count > 16) return undefined;
  const fill = output.subarray(output.length - count);
  return fill.every((byte) => byte === count) ? output.slice(0, output.length - count) : undefined;
}

/** The counter mode of GCM: its own inverse. */
function counted(aes: AesKey, iv: Uint8Array, input: Uint8Array): Uint8Array {
  const output = new Uint8Array(input.length);
  for (let at = 0, count = 2; at < input.length; at += 16, count++) {
    output.set(xor(input.subarray(at, at + 16), aes.encrypt(counter(iv, count))), at);
  }
  return output;
}

function counter(iv: Uint8Array, count: number): Uint8Array {
  const block = new Uint8Array(16);
  block.set(iv);
  new DataView(block.buffer).setUint32(12, count);
  return block;
}

function tagOf(aes: AesKey, iv: Uint8Array, encrypted: Uint8Array, aad: Uint8Array): Uint8Array {
  const h = numberOf(aes.encrypt(new Uint8Array(16)));
  const lengths = new Uint8Array(16);
  const view = new DataView(lengths.buffer);
  view.setBigUint64(0, BigInt(aad.length) * 8n);
  view.setBigUint64(8, BigInt(encrypted.length) * 8n);
  let sum = 0n;
  for (const part of [aad, encrypted, lengths]) {
    for (let at = 0; at < part.length; at += 16) {
      const block = new Uint8Array(16);
      block.set(part.subarray(at, at + 16));
      sum = product(sum ^ numberOf(block), h);
    }
  }
  return xor(bytesOf(sum), aes.encrypt(counter(iv, 1)));
}

/** In the field of 2^128, as GCM has it: the first bit is the lowest. */
function product(a: bigint, b: bigint): bigint {
  let result = 0n;
  let power = b;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) result ^= power;
    power = power & 1n ? (power >> 1n) ^ (0xe1n << 120n) : power >> 1n;
  }
  return result;
}

function numberOf(block: Uint8Array): bigint {
  const view = new DataView(block.buffer, block.byteOffset, 16);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

function bytesOf(value: bigint): Uint8Array {
  const block = new Uint8Array(16);
  const view = new DataView(block.buffer);
  view.setBigUint64(0, value >> 64n);
  view.setBigUint64(8, value & ((1n << 64n) - 1n));
  return block;
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] as number));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

import { raise } from '../../kernel/errors.ts';
import { type SocketConverter, SocketReceiver } from '../receivers/socket-receiver.ts';

/** A receiver for a TCP server; refuses addresses that cannot be one. */
export function socketReceiver<T>(hostname: string, port: number, convert: SocketConverter<T>): SocketReceiver<T> {
  if (typeof hostname !== 'string' || hostname === '') {
    raise('CONFIG_VALUE', {
      name: 'hostname',
      value: JSON.stringify(hostname),
      expected: 'the name or address of a server',
    });
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    raise('CONFIG_VALUE', { name: 'port', value: String(port), expected: 'a whole number from 1 to 65535' });
  }
  return new SocketReceiver(hostname, port, convert);
}

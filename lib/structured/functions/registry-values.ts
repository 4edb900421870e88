import { registryOf, registrySettings } from '../registry/schema-registry.ts';
import type { BindSite, Prepare } from './define-function.ts';

/** Before a value that was written through a registry: 0, and the id of its schema in four bytes. */
export const idBytes = 5;

/** The schema id in the header of a value. */
export function schemaIdOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < idBytes || bytes[0] !== 0) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1);
}

/** Fetches the schemas that values to come were written with, where the options name a registry. */
export function prepareSchemas({ options = {} }: Pick<BindSite, 'options'>): Prepare | undefined {
  const settings = registrySettings(options);
  if (settings === undefined) return undefined;
  const registry = registryOf(settings);
  return async (values) => {
    const ids = new Set<number>();
    for (const value of values) {
      const id = value instanceof Uint8Array ? schemaIdOf(value) : undefined;
      if (id !== undefined) ids.add(id);
    }
    await registry.load(ids);
  };
}

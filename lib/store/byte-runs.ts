/** A loop is quicker than a call into native code for the sizes that keys and values mostly have. */
export function copyBytes(source: Uint8Array, from: number, target: Uint8Array, to: number, sizeBytes: number): void {
  if (sizeBytes > 64) target.set(source.subarray(from, from + sizeBytes), to);
  else for (let i = 0; i < sizeBytes; i++) target[to + i] = source[from + i] as number;
}

export function equalBytes(a: Uint8Array, atA: number, b: Uint8Array, atB: number, sizeBytes: number): boolean {
  for (let i = 0; i < sizeBytes; i++) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}

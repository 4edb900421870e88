/** What the seed 9001 is known by in the images of theta sketches. */
export const seedHash: readonly [number, number] = [0xcc, 0x93];

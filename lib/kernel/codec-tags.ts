/**
 * The first byte of every encoded value. The numbers are part of the stored format: they are never reused or renumbered.
 *
 * ```text
 * 0x00-0x1F  the tags below
 * 0x40-0x7F  ASCII text of 0 to 63 characters, its bytes follow
 * 0x80-0xFF  the integers 0 to 127, nothing follows
 * ```
 * Lengths and counts are unsigned LEB128. Numbers are little endian. An integer takes the smallest form that holds it, so equal
 * values have equal bytes.
 */
export const Tag = {
  null: 0x00,
  false: 0x01,
  true: 0x02,
  float64: 0x03,
  int8: 0x04,
  int16: 0x05,
  int32: 0x06,
  /** Sign byte, byte length, magnitude with the least significant byte first. */
  bigint: 0x07,
  /** Byte length, then bytes below 0x80. */
  ascii: 0x08,
  /** Byte length, then well-formed UTF-8. */
  utf8: 0x09,
  /** As UTF-8, with lone surrogates as three bytes each. */
  wtf8: 0x0a,
  /** Milliseconds as float64, NaN for an invalid date. */
  date: 0x0b,
  bytes: 0x0c,
  array: 0x0d,
  /** Count, then text and value by turns. */
  object: 0x0e,
  /** As an object, without a prototype. */
  bareObject: 0x0f,
  map: 0x10,
  set: 0x11,
} as const;

export const shortText = 0x40;
export const shortTextLimit = 64;
export const smallInt = 0x80;

/** Containers within containers; more is refused in both directions, so that neither can exhaust the stack. */
export const depthLimit = 200;

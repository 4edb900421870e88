const escapes: Readonly<Record<string, string>> = {
  '0': '\u0000',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001A',
  // LIKE sees these: the backslash stays.
  '%': '\\%',
  _: '\\_',
};

const escape = /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([0-3][0-7]{2})|\\([^])|(''|"")/gu;

/** The text that the inside of a SQL string literal stands for: `\n`, `\u0041`, `\101`, `\'`, and the doubled quote. */
export function unescapeSql(inside: string, quote: string): string {
  return inside.replaceAll(
    escape,
    (all, four?: string, eight?: string, octal?: string, single?: string, doubled?: string) => {
      if (four !== undefined) return String.fromCharCode(Number.parseInt(four, 16));
      if (eight !== undefined) {
        const code = Number.parseInt(eight, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : all;
      }
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (single !== undefined) return escapes[single] ?? single;
      return doubled === quote + quote ? quote : all;
    },
  );
}

/** A text as a SQL literal. */
export function quoteSqlString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A name as it has to be written: in backticks unless it is a plain word. */
export function quoteName(name: string): string {
  return /^[a-z_]\w*$/iu.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

/** A family of metrics as Prometheus reads it. */
export interface ExposedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/**
 * Reads Prometheus' text format strictly, by its grammar: HELP and TYPE once and before the samples of a family, legal names, escaped
 * labels, no sample twice. Throws on anything else. `spec/slow` holds the same text to Prometheus' own parser.
 */
export function parseExposition(text: string): ReadonlyMap<string, ExposedFamily> {
  if (!text.endsWith('\n')) throw new SyntaxError('the last line has no end');
  const families = new Map<string, ExposedFamily>();
  const seen = new Set<string>();
  let help: readonly [name: string, text: string] | undefined;
  let current: [name: string, family: ExposedFamily] | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/u.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      if (kind === 'HELP') {
        if (families.has(name)) throw new SyntaxError(`${name} comes twice`);
        help = [name, rest];
      } else {
        if (help?.[0] !== name || !/^(?:counter|gauge)$/u.test(rest)) throw new SyntaxError(line);
        current = [name, { type: rest, help: help[1], samples: [] }];
        families.set(...current);
      }
      continue;
    }
    const [, name = '', body = '', value = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/u.exec(line) ?? [];
    if (current === undefined || name !== current[0] || seen.has(name + body)) throw new SyntaxError(line);
    seen.add(name + body);
    const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
    if (Number.isNaN(number) && value !== 'NaN') throw new SyntaxError(line);
    current[1].samples.push({ labels: labelsOf(body), value: number });
  }
  return families;
}

function labelsOf(body: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = body;
  while (rest !== '') {
    const [whole, name = '', value = ''] = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/u.exec(rest) ?? [];
    if (whole === undefined || name in labels) throw new SyntaxError(body);
    labels[name] = value.replaceAll(/\\(.)/gu, (_, c: string) => (c === 'n' ? '\n' : c));
    rest = rest.slice(whole.length);
  }
  return labels;
}

/** How a value of a program is shown. */
export type ValueText = (value: unknown) => string;

/** Of a value so much is sent. */
const maxText = 300;

/** Facts as JSON. What operators gave is values of the program, of any kind: they become texts. */
export function jsonBody(facts: unknown, text: ValueText): string {
  return JSON.stringify(facts, (name, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    return name === 'sample' && Array.isArray(value) ? value.map((one) => shortened(text(one))) : value;
  });
}

function shortened(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`;
}

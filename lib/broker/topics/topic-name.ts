const maxLength = 249;

/** Why Kafka does not take a topic name; undefined when it does. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'the name is empty';
  if (name === '.' || name === '..') return "the name is '.' or '..'";
  if (name.length > maxLength) return `the name is longer than ${maxLength} characters`;
  if (!/^[a-zA-Z0-9._-]+$/u.test(name)) return "the name has characters other than letters, digits, '.', '_' and '-'";
  return undefined;
}

/** Names that differ only in '.' and '_' would share the names of Kafka's metrics, and Kafka refuses the second. */
export function metricName(name: string): string {
  return name.replaceAll('.', '_');
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these specs are run by \`npm run test:kafka\``);
  return value;
}

/** The Apache Kafka that `npm run test:kafka` started, and the folder of its jars. */
export const realKafka = {
  bootstrap: setting('MILLRACE_KAFKA'),
  libs: setting('MILLRACE_KAFKA_LIBS'),
};

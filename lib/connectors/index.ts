import { type Connector, registerConnector } from '../io/registry.ts';
import { registerTableFormat, type TableFormat } from '../io/table-format.ts';
import { fileTable } from './file/file-table.ts';
import { createKafkaConnector } from './kafka/kafka-connector.ts';
import { kafkaTable } from './kafka/kafka-table.ts';
import { rateMicroBatchTable } from './rate/rate-micro-batch-table.ts';
import { rateTable } from './rate/rate-table.ts';
import { socketTable } from './socket/socket-table.ts';

/** Every connector that ships with the package, by the name that `format` takes. One line each. */
const connectors: Readonly<Record<string, () => Connector>> = {
  kafka: createKafkaConnector,
};

/** What the structured engine reads, by the name that `format` takes. One line each. */
const tableFormats: Readonly<Record<string, TableFormat>> = {
  csv: fileTable('csv'),
  json: fileTable('json'),
  kafka: kafkaTable,
  rate: rateTable,
  'rate-micro-batch': rateMicroBatchTable,
  socket: socketTable,
  text: fileTable('text'),
};

/** Makes all of them known. Called once, where the package is wired together. */
export function registerConnectors(): void {
  for (const [format, create] of Object.entries(connectors)) registerConnector(format, create());
  for (const [name, format] of Object.entries(tableFormats)) registerTableFormat(name, format);
}

import { type Connector, registerConnector } from '../io/registry.ts';
import { createKafkaConnector } from './kafka/kafka-connector.ts';

/** Every connector that ships with the package, by the name that `format` takes. One line each. */
const connectors: Readonly<Record<string, () => Connector>> = {
  kafka: createKafkaConnector,
};

/** Makes all of them known. Called once, where the package is wired together. */
export function registerConnectors(): void {
  for (const [format, create] of Object.entries(connectors)) registerConnector(format, create());
}

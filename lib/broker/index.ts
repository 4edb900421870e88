export { type Broker, type BrokerOptions, type NewTopicOptions, startBroker } from './broker.ts';
export { type BrokerLimits } from './broker-limits.ts';
export { type Fault } from './faults.ts';
export { type TopicSpecs } from './topic-specs.ts';

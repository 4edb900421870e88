/** Where a configuration value comes from, as DescribeConfigs tells it. */
export const ConfigSource = { topic: 1, brokerStatic: 4, default: 5 } as const;

/** What a configuration belongs to. */
export const ConfigResource = { topic: 2, broker: 4 } as const;

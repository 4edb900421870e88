// The parts of kafkajs that connections are made of. The build bundles them into one file: they are 200.
module.exports = {
  Broker: require('kafkajs/src/broker/index.js'),
  ConnectionPool: require('kafkajs/src/network/connectionPool.js'),
  RequestQueue: require('kafkajs/src/network/requestQueue/index.js'),
};

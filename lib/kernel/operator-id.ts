/**
 * The stable name of a step: `.name('orders-by-user')` by the user, else the path of method names from its input, with `#2`, `#3` ...
 * for later siblings of the same method (`kafka/map/reduce-by-key`, `kafka/map/reduce-by-key#2`). State in a checkpoint is found
 * by it, so it never depends on the position of other branches.
 */
export type OperatorId = string;

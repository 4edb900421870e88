import { describe, expect, it } from '@jest/globals';
import { graphText } from '../../../lib/cli/explain/graph-text.ts';
import { StreamingContext } from '../../../lib/index.ts';
import { describeGraph } from '../../../lib/streaming/graph-description.ts';

describe('the steps of a program as text', () => {
  it('are trees from the outputs down, each step drawn once', () => {
    const ssc = new StreamingContext({ appName: 'explained', batchInterval: 1000 });
    const words = ssc.queueStream([['a']]).map((word) => [word, 1] as const);
    words.reduceByKeyAndWindow((a, b) => a + b, '30 seconds', '10 seconds').print();
    words.join(words.mapValues((n) => n + 1)).print();
    expect(`\n${graphText(describeGraph(ssc.graph), 1000)}\n`).toBe(`
print  queue/map/reduce-by-key-and-window/print  (every 10 s)
+- reduce-by-key-and-window  queue/map/reduce-by-key-and-window  (every 10 s)
   +- reduce-by-key-and-window#window  queue/map/reduce-by-key-and-window#window  (keeps state, every 10 s)
      +- reduce-by-key-and-window#reduced  queue/map/reduce-by-key-and-window#reduced
         +- map  queue/map
            +- queue  (input)
print  queue/map/join/print
+- join  queue/map/join
   :- map  queue/map  (as above)
   +- map-values  queue/map/map-values
      +- map  queue/map  (as above)
`);
  });
});

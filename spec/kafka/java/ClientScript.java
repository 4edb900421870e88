// java -cp 'LIBS/*' ClientScript.java BOOTSTRAP RUN: does what Java programs do with a broker and prints each answer. Names begin with
// RUN and are printed without it, so the output is the same on every broker that behaves the same.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;

public class ClientScript {
  static final long T0 = 1767225600000L;
  static String bootstrap, run;

  static String name(String plain) { return run + "-" + plain; }

  static void say(String what, Object answer) {
    System.out.println(what + ": " + String.valueOf(answer).replace(run + "-", ""));
  }

  interface Attempt { Object go() throws Exception; }

  /** The answer, or the class of the error: its text may differ. */
  static void attempt(String what, Attempt work) {
    try {
      say(what, work.go());
    } catch (Exception e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      say(what, cause.getClass().getSimpleName());
    }
  }

  static Properties base() {
    Properties p = new Properties();
    p.put("bootstrap.servers", bootstrap);
    return p;
  }

  static KafkaProducer<String, String> producer(String... more) {
    Properties p = base();
    for (int i = 0; i < more.length; i += 2) p.put(more[i], more[i + 1]);
    return new KafkaProducer<>(p, new StringSerializer(), new StringSerializer());
  }

  static KafkaConsumer<String, String> consumer(String... more) {
    Properties p = base();
    p.put("auto.offset.reset", "earliest");
    p.put("enable.auto.commit", "false");
    for (int i = 0; i < more.length; i += 2) p.put(more[i], more[i + 1]);
    return new KafkaConsumer<>(p, new StringDeserializer(), new StringDeserializer());
  }

  static ProducerRecord<String, String> record(String topic, int partition, int n, String key, String value) {
    return new ProducerRecord<>(topic, partition, T0 + n * 10L, key, value);
  }

  static String text(RecordMetadata m) { return m.partition() + "@" + m.offset(); }

  static void sendAll(KafkaProducer<String, String> p, String topic, int partition, int from, int count, String prefix) throws Exception {
    List<String> at = new ArrayList<>();
    for (int i = from; i < from + count; i++) at.add(text(p.send(record(topic, partition, i, "k" + i, prefix + i)).get()));
    say("sent " + prefix, at);
  }

  static List<String> readAll(String topic, String isolation) {
    try (KafkaConsumer<String, String> c = consumer("isolation.level", isolation, "max.poll.records", "3")) {
      List<TopicPartition> parts = c.partitionsFor(topic).stream().map(i -> new TopicPartition(topic, i.partition())).sorted(Comparator.comparing(TopicPartition::partition)).toList();
      c.assign(parts);
      c.seekToBeginning(parts);
      Map<TopicPartition, Long> ends = c.endOffsets(parts);
      List<ConsumerRecord<String, String>> all = new ArrayList<>();
      long deadline = System.currentTimeMillis() + 20_000;
      while (parts.stream().anyMatch(p -> c.position(p) < ends.get(p)) && System.currentTimeMillis() < deadline) c.poll(Duration.ofMillis(200)).forEach(all::add);
      all.sort(Comparator.<ConsumerRecord<String, String>>comparingInt(r -> r.partition()).thenComparingLong(r -> r.offset()));
      List<String> lines = new ArrayList<>();
      for (var r : all) lines.add(r.partition() + "@" + r.offset() + " t+" + (r.timestamp() - T0) + " " + r.key() + "=" + r.value() + headers(r));
      return lines;
    }
  }

  static String headers(ConsumerRecord<String, String> r) {
    StringBuilder b = new StringBuilder();
    r.headers().forEach(h -> b.append(" ").append(h.key()).append(":").append(h.value() == null ? "null" : new String(h.value())));
    return b.toString();
  }

  static void topics(Admin admin) throws Exception {
    String topic = name("topics");
    attempt("create", () -> admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1).configs(Map.of("retention.ms", "-1", "max.message.bytes", "2000")))).all().get());
    attempt("create again", () -> admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get());
    attempt("create badly named", () -> admin.createTopics(List.of(new NewTopic("nope!bad", 1, (short) 1))).all().get());
    attempt("create with three copies", () -> admin.createTopics(List.of(new NewTopic(name("copies"), 1, (short) 3))).all().get());
    attempt("describe", () -> admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream().map(i -> i.partition() + " of " + i.replicas().size()).toList());
    attempt("describe nobody's", () -> admin.describeTopics(List.of(name("nobody"))).allTopicNames().get());
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Attempt configs = () -> {
      Config all = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      return List.of("max.message.bytes", "retention.ms", "cleanup.policy").stream().map(k -> k + "=" + all.get(k).value() + (all.get(k).isDefault() ? "" : " set")).toList();
    };
    attempt("configs", configs);
    attempt("alter", () -> admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", "3000"), AlterConfigOp.OpType.SET)))).all().get());
    attempt("alter to nonsense", () -> admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "soon"), AlterConfigOp.OpType.SET)))).all().get());
    attempt("configs", configs);
    attempt("grow", () -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4))).all().get());
    attempt("shrink", () -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get());
    attempt("delete", () -> admin.deleteTopics(List.of(topic)).all().get());
    attempt("delete again", () -> admin.deleteTopics(List.of(topic)).all().get());
  }

  static void records(Admin admin) throws Exception {
    String topic = name("records");
    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1).configs(timeless()))).all().get();
    try (KafkaProducer<String, String> p = producer()) {
      sendAll(p, topic, 0, 0, 5, "plain");
      ProducerRecord<String, String> r = record(topic, 1, 5, null, null);
      r.headers().add("a", "1".getBytes()).add("a", "2".getBytes()).add("n", null);
      say("null key and value", text(p.send(r).get()));
      // By the hash of the key, as every Java client does it.
      List<Integer> at = new ArrayList<>();
      for (int i = 0; i < 8; i++) at.add(p.send(new ProducerRecord<>(topic, null, T0 + 60 + i, "user-" + i, "hashed")).get().partition());
      say("partitions by key", at);
      attempt("too large", () -> p.send(record(topic, 0, 9, "k", "x".repeat(1_200_000))).get());
      attempt("no such partition", () -> p.partitionsFor(topic).size());
    }
    for (String codec : List.of("gzip", "snappy", "lz4", "zstd")) {
      try (KafkaProducer<String, String> p = producer("compression.type", codec, "linger.ms", "50")) {
        List<java.util.concurrent.Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) sent.add(p.send(record(topic, 0, 20 + i, codec, "squeezed " + codec + " ".repeat(50) + i)));
        List<String> at = new ArrayList<>();
        for (var f : sent) at.add(text(f.get()));
        say("sent " + codec, at);
      }
    }
    for (String line : readAll(topic, "read_uncommitted")) say("read", line);
    TopicPartition first = new TopicPartition(topic, 0);
    for (var spec : Map.of("earliest", OffsetSpec.earliest(), "latest", OffsetSpec.latest(), "at 25 ms", OffsetSpec.forTimestamp(T0 + 25), "at 1 day", OffsetSpec.forTimestamp(T0 + 86_400_000), "greatest time", OffsetSpec.maxTimestamp()).entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
      attempt("offset " + spec.getKey(), () -> admin.listOffsets(Map.of(first, spec.getValue())).partitionResult(first).get().offset());
    }
    attempt("delete records", () -> admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(3))).lowWatermarks().get(first).get().lowWatermark());
    attempt("delete records beyond", () -> admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(3000))).lowWatermarks().get(first).get().lowWatermark());
    attempt("offset earliest", () -> admin.listOffsets(Map.of(first, OffsetSpec.earliest())).partitionResult(first).get().offset());
  }

  /** A transaction's end is answered before its marker is written. */
  static void settle(Admin admin, TopicPartition part, long end) throws Exception {
    long deadline = System.currentTimeMillis() + 15_000;
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    while (admin.listOffsets(Map.of(part, OffsetSpec.latest()), committed).partitionResult(part).get().offset() != end && System.currentTimeMillis() < deadline) Thread.sleep(20);
  }

  static Map<String, String> timeless() { return Map.of("retention.ms", "-1", "segment.ms", "9223372036854775807"); }

  static void transactions(Admin admin) throws Exception {
    String topic = name("transactions"), group = name("exactly-once");
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(timeless()))).all().get();
    TopicPartition part = new TopicPartition(topic, 0);
    try (KafkaProducer<String, String> a = producer("transactional.id", name("a")); KafkaProducer<String, String> b = producer("transactional.id", name("b")); KafkaProducer<String, String> plain = producer()) {
      a.initTransactions();
      b.initTransactions();
      a.beginTransaction();
      b.beginTransaction();
      sendAll(a, topic, 0, 0, 1, "a-aborted");
      sendAll(b, topic, 0, 1, 1, "b-aborted");
      sendAll(a, topic, 0, 2, 1, "a-aborted-too");
      b.abortTransaction();
      a.abortTransaction();
      settle(admin, part, 5);
      a.beginTransaction();
      sendAll(a, topic, 0, 3, 2, "a-committed");
      a.sendOffsetsToTransaction(Map.of(part, new OffsetAndMetadata(42, "batch 7")), new ConsumerGroupMetadata(group));
      a.commitTransaction();
      settle(admin, part, 8);
      sendAll(plain, topic, 0, 5, 1, "plain");
      b.beginTransaction();
      sendAll(b, topic, 0, 6, 1, "b-open");
      say("read committed while open", readAll(topic, "read_committed"));
      attempt("group offsets", () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(part));
      try (KafkaProducer<String, String> next = producer("transactional.id", name("b"))) {
        next.initTransactions();
        attempt("fenced send", () -> text(b.send(record(topic, 0, 7, "k", "zombie")).get()));
        attempt("fenced commit", () -> { b.commitTransaction(); return "committed"; });
        next.beginTransaction();
        sendAll(next, topic, 0, 8, 1, "next");
        next.commitTransaction();
        settle(admin, part, 13);
      }
    }
    say("read committed", readAll(topic, "read_committed"));
    say("read uncommitted", readAll(topic, "read_uncommitted"));
  }

  static void groups(Admin admin) throws Exception {
    String topic = name("groups"), group = name("workers");
    admin.createTopics(List.of(new NewTopic(topic, 4, (short) 1).configs(timeless()))).all().get();
    try (KafkaProducer<String, String> p = producer()) {
      for (int i = 0; i < 40; i++) p.send(record(topic, i % 4, i, "k" + i, "v" + i)).get();
    }
    SortedSet<String> seen = new TreeSet<>();
    int count = 0;
    try (KafkaConsumer<String, String> one = consumer("group.id", group, "heartbeat.interval.ms", "300"); KafkaConsumer<String, String> two = consumer("group.id", group, "heartbeat.interval.ms", "300")) {
      one.subscribe(List.of(topic));
      two.subscribe(List.of(topic));
      long deadline = System.currentTimeMillis() + 30_000;
      while (System.currentTimeMillis() < deadline && (one.assignment().size() != 2 || two.assignment().size() != 2 || seen.size() < 40)) {
        for (var c : List.of(one, two)) {
          var records = c.poll(Duration.ofMillis(100));
          for (var r : records) { seen.add(r.value()); count++; }
          if (!records.isEmpty()) try { c.commitSync(); } catch (CommitFailedException | org.apache.kafka.common.errors.RebalanceInProgressException e) { /* the next member reads them again */ }
        }
      }
      say("shares", one.assignment().size() + " and " + two.assignment().size());
      say("distinct", seen.size());
      say("read at least once each", count >= 40);
      one.commitSync();
      two.commitSync();
      var description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
      say("group", description.groupState() + ", " + description.members().size() + " members, " + description.partitionAssignor());
      attempt("delete with members", () -> admin.deleteConsumerGroups(List.of(group)).all().get());
    }
    long deadline = System.currentTimeMillis() + 15_000;
    while (admin.describeConsumerGroups(List.of(group)).all().get().get(group).groupState() != GroupState.EMPTY && System.currentTimeMillis() < deadline) Thread.sleep(50);
    say("group", admin.describeConsumerGroups(List.of(group)).all().get().get(group).groupState());
    var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    say("committed", new TreeMap<>(committed.entrySet().stream().collect(Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue().offset()))));
    attempt("set offsets", () -> admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(4))).all().get());
    attempt("offset", () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(new TopicPartition(topic, 0)).offset());
    attempt("listed", () -> admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream().filter(g -> g.groupId().equals(group)).count());
    attempt("delete", () -> admin.deleteConsumerGroups(List.of(group)).all().get());
    attempt("delete again", () -> admin.deleteConsumerGroups(List.of(group)).all().get());
  }

  public static void main(String[] args) throws Exception {
    bootstrap = args[0];
    run = args[1];
    try (Admin admin = Admin.create(base())) {
      say("nodes", admin.describeCluster().nodes().get().size());
      topics(admin);
      records(admin);
      transactions(admin);
      groups(admin);
    }
    System.out.println("done");
  }
}

package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Judging one call by one document, on one thread, before any counter is read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@SuppressWarnings("NullAway.Init") // made before each trial
public class PolicyBenchmark {

    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");
    private static final JsonParser JSON = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    /** What a shop would write: a ceiling, known currencies, a daily spend in exact decimals, a rate, an approval. */
    private static final String TYPICAL = """
            {"version":"1","hide":["delete_everything"],
             "all_tools":{"deny_if":[{"conditions":[{"path":"proof","op":"eq","value":"bearer"}]}],
                          "limits":[{"counter":"calls","window":"minute","max":600,"scope":"agent"}]},
             "tools":{"create_charge":{
               "require":[{"path":"args.amount","op":"lte","value":5000},
                          {"path":"args.currency","op":"in","value":["usd","eur"]},
                          {"path":"agent.grade","op":"gte","value":2},
                          {"path":"args.customer.email","op":"ends_with","value":"@example.com"}],
               "limits":[{"counter":"spent","window":"day","max":10000,"per":"args.currency",
                          "cost":{"from":"args.amount","scale":2}}],
               "require_approval":{"when":[{"path":"args.amount","op":"gt","value":1000}]}},
              "list_charges":{"limits":[{"counter":"reads","window":"minute","max":60}]},
              "match":{"require":[{"path":"args.customer.email","op":"regex","value":"^[a-z.]+@example\\\\.com$"}]},
              "schema":{"args_schema":{"type":"object","required":["amount","currency"],"properties":{
                 "amount":{"type":"number","minimum":0},"currency":{"enum":["usd","eur"]}}}}}}""";

    private PolicyDocument document;
    private CallFacts charge;
    private CallFacts read;
    private CallFacts match;
    private CallFacts schema;
    private CallFacts denied;

    @Setup
    public void parse() {
        if (!(PolicyParser.parse(TYPICAL) instanceof PolicyParser.Parsed parsed)) {
            throw new IllegalStateException("the document is valid");
        }
        document = parsed.document();
        charge = call("create_charge");
        read = call("list_charges");
        match = call("match");
        schema = call("schema");
        denied = call("refund");
    }

    private static CallFacts call(String tool) {
        return new CallFacts("shop", tool,
                json("{\"amount\":12.5,\"currency\":\"usd\",\"customer\":{\"email\":\"ann.lee@example.com\",\"id\":7}}"),
                json("{\"binding\":\"agent:alice\",\"grade\":2,\"issuer_domain\":\"example.com\"}"),
                json("{\"id\":\"grant_0001\",\"scopes\":[\"shop:charge\"]}"), json("{\"id\":\"sha256:00\"}"),
                ProofKind.SIGNATURE, NOW);
    }

    private static JsonObject json(String text) {
        if (JSON.parse(text.getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed) {
            return parsed.object();
        }
        throw new IllegalStateException("not JSON: " + text);
    }

    /** Six conditions and two limits, one with a cost from the arguments. */
    @Benchmark
    public Judgement typicalCharge() {
        return document.judge(charge);
    }

    /** One condition and two limits that are the same for all calls. */
    @Benchmark
    public Judgement read() {
        return document.judge(read);
    }

    /** As read, and a pattern on an address. */
    @Benchmark
    public Judgement pattern() {
        return document.judge(match);
    }

    /** As read, and a schema of two members. */
    @Benchmark
    public Judgement schema() {
        return document.judge(schema);
    }

    /** A tool that has no entry. */
    @Benchmark
    public Judgement unlisted() {
        return document.judge(denied);
    }
}

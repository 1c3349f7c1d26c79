package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineWorld.terms;
import static io.agentpassport.server.gateway.call.EngineWorld.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.upstream.ToolResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent gets of a result, and what the log says of it. */
class ReleasedResultsTest {

    private final EngineWorld world = new EngineWorld();

    @BeforeEach
    void aToolWithASecret() {
        world.grant(0, terms("open", null, 0, "read"));
        JsonObject result = JsonObject.builder().put("pin", "1234").put("text", "hello").build();
        world.tools.running((tool, id) -> CompletableFuture.completedFuture(new ToolResult(result, false)));
    }

    private CallAnswer.Ran run(String mode, String response) {
        world.policies.put("open")
                .document("{\"version\":\"1\",\"mode\":\"" + mode + "\",\"tools\":{\"read\":{\"response\":" + response
                        + "}}}");
        return (CallAnswer.Ran) world.call(0).process();
    }

    private JsonObject settled(CallAnswer.Ran ran) {
        long index = there(there(ran.report().log()).settled());
        return there(world.store.get(new PartitionId(1), RowLog.ENTRIES, index, Instant.EPOCH)).value();
    }

    @ParameterizedTest
    @ValueSource(strings = {"enforce", "shadow"})
    void isRedactedAndTheLogHoldsTheDigestOfWhatIsLeft(String mode) {
        CallAnswer.Ran ran = run(mode, "{\"redact\":[\"result.pin\"]}");

        byte[] result = there(ran.result());
        assertThat(new String(result, StandardCharsets.UTF_8))
                .isEqualTo("{\"pin\":\"[redacted]\",\"text\":\"hello\"}");
        assertThat(settled(ran).string("result_digest")).isEqualTo(Digest.sha256Text(result));
    }

    @Test
    void isNotInTheLogWhenItIsWithheld() {
        CallAnswer.Ran ran = run("enforce",
                "{\"deny_if\":[{\"conditions\":[{\"path\":\"result.pin\",\"op\":\"exists\"}]}]}");

        assertThat(ran.outcome()).isEqualTo(CallOutcome.RESULT_WITHHELD);
        assertThat(settled(ran).string("result_digest")).isNull();
    }

    @Test
    void isWithheldByNoPolicyThatOnlyWatches() {
        CallAnswer.Ran ran = run("shadow",
                "{\"max_bytes\":1,\"deny_if\":[{\"conditions\":[{\"path\":\"result.pin\",\"op\":\"exists\"}]}]}");

        assertThat(ran.outcome()).isEqualTo(CallOutcome.RESULT);
    }
}

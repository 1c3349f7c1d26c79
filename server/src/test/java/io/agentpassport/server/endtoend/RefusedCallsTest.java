package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.LogEntryRecord;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.proto.v1.DecisionCount;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.GetStatsRequest;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.SignedStatement;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.audit.RefusalLog;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before it is known who asks is counted and written down, in so few entries that no flood fills the disk. */
class RefusedCallsTest {

    private static final int FLOOD = 10_000;

    @TempDir
    Path folder;

    @AutoClose
    private TestServer service;

    @BeforeEach
    void start() {
        service = TestServer.start(folder);
    }

    /** What is in the log of it, after all of it was written. */
    private List<JsonObject> written() {
        service.close();
        start();
        List<JsonObject> entries = new ArrayList<>();
        String token = null;
        do {
            var page = service.admin()
                    .auditLog(new LogKey(SentCall.AUDIENCE, service.server().logKey()), "0000")
                    .entries(0, null, 100, token);
            page.items().stream().map(LogEntryRecord::entry).forEach(entry -> {
                if (entry.kind().equals(RefusalLog.KIND)) {
                    entries.add(entry.json());
                }
            });
            token = page.nextToken();
        } while (token != null);
        return entries;
    }

    private static Map<String, Long> sums(List<JsonObject> entries) {
        Map<String, Long> sums = new TreeMap<>();
        for (JsonObject entry : entries) {
            JsonObject reasons = Objects.requireNonNull(entry.object("reasons"));
            for (int i = 0; i < reasons.size(); i++) {
                sums.merge(reasons.name(i), number(reasons.value(i)), Long::sum);
            }
        }
        return sums;
    }

    private static long number(@Nullable JsonValue value) {
        return (long) ((JsonNumber) Objects.requireNonNull(value)).value();
    }

    @Test
    void aFloodOfCallsThatAreNoneLeavesAHandfulOfEntriesWhoseCountsAddUp() {
        flood(service.channel(null), ProcessToolCallRequest.newBuilder()
                .setCall(SignedStatement.newBuilder().setStatementJson(ByteString.copyFromUtf8("[")))
                .build());
        Map<String, Long> counted = GatewayServiceGrpc.newBlockingStub(service.channel(service.adminCredential()))
                .getStats(GetStatsRequest.getDefaultInstance())
                .getDecisionsList()
                .stream()
                .collect(Collectors.toMap(count -> count.getCode().name(), DecisionCount::getCount));
        assertThat(counted).containsExactly(Map.entry("DECISION_CODE_MALFORMED", (long) FLOOD));

        List<JsonObject> entries = written();
        assertThat(sums(entries)).containsExactly(Map.entry("MALFORMED", (long) FLOOD));
        // One a second, however long it took.
        assertThat(entries).hasSizeLessThan(FLOOD / 50);
        assertThat(entries).extracting(entry -> entry.string("peer")).containsOnly("127.0.0.1");
        List<Long> times = entries.stream().map(entry -> number(entry.get("time"))).toList();
        assertThat(times).doesNotHaveDuplicates();
    }

    /** Sends it so often, many at a time. */
    private static void flood(Channel channel, ProcessToolCallRequest request) {
        var stub = GatewayServiceGrpc.newFutureStub(channel);
        var room = new Semaphore(32);
        var left = new Phaser(1);
        for (int i = 0; i < FLOOD; i++) {
            room.acquireUninterruptibly();
            left.register();
            Futures.addCallback(stub.processToolCall(request), new FutureCallback<>() {
                @Override
                public void onSuccess(ProcessToolCallResponse answer) {
                    throw new AssertionError(answer);
                }

                @Override
                public void onFailure(Throwable refused) {
                    room.release();
                    left.arriveAndDeregister();
                }
            }, MoreExecutors.directExecutor());
        }
        left.arriveAndAwaitAdvance();
    }

    @Test
    void everythingThatIsRefusedToSomebodyUnknownIsCountedAndNothingThatIsDenied() {
        AuthenticatedSession agent = service.session(service.agent("agent:alice"));
        Signer stranger = AgentKey.generate(TestServer.NONCES).signer();
        for (int i = 0; i < 3; i++) {
            assertThat(new SentCall(service.channel(null), agent, service.now()).signedBy(stranger).send().word())
                    .isEqualTo("INVALID_SIGNATURE");
        }
        assertThat(new SentCall(service.channel(null), agent, service.now()).send().word()).isEqualTo("NO_GRANT");
        assertThat(refused(() -> MutualAuthServiceGrpc.newBlockingStub(service.channel(null))
                .getSession(GetSessionRequest.getDefaultInstance()))).isTrue();
        // An admin is known by its connection: what it does wrong is no flood of strangers.
        assertThat(refused(() -> MutualAuthServiceGrpc.newBlockingStub(service.channel(service.adminCredential()))
                .getSession(GetSessionRequest.getDefaultInstance()))).isTrue();

        assertThat(sums(written())).containsExactly(Map.entry("CREDENTIALS_REQUIRED", 1L),
                Map.entry("INVALID_SIGNATURE", 3L));
    }

    private static boolean refused(Runnable call) {
        try {
            call.run();
            return false;
        } catch (StatusRuntimeException e) {
            return true;
        }
    }
}

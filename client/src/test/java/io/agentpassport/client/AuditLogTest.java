package io.agentpassport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.receipt.LogKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log as a client sees it: a service that lies about it is found out. */
class AuditLogTest {

    private FakeLog service;
    private PassportClient client;
    private AuditLog log;

    @BeforeEach
    void start() {
        service = new FakeLog();
        for (int i = 0; i < 5; i++) {
            service.append("first");
        }
        client = service.client();
        log = client.auditLog(service.key(), FakeLog.PARTITION);
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    @Test
    void believesWhatIsProven() {
        assertThat(log.entries(0, null, 0, null).items()).hasSize(5)
                .allSatisfy(entry -> assertThat(entry.closed())
                        .isEqualTo(FakeLog.closed((int) entry.entry().index())));
        List<Long> exported = new ArrayList<>();
        assertThat(log.export(begun -> {}, entry -> exported.add(entry.entry().index())).checkpoint().size())
                .isEqualTo(5);
        assertThat(exported).containsExactly(0L, 1L, 2L, 3L, 4L);
        service.append("later");
        assertThat(log.checkpoint().checkpoint().size()).isEqualTo(6);
    }

    @Test
    void anEntryThatTheLogDoesNotHoldIsFoundOut() {
        service.shown = entry -> entry.toBuilder()
                .setEntryJson(ByteString.copyFromUtf8(
                        entry.getEntryJson().toStringUtf8().replace("\"first\"", "\"forged\"")))
                .build();
        notBelieved("is not what the log", () -> log.entries(0, null, 0, null));
        notBelieved("not those of the checkpoint", () -> log.export(begun -> {}, entry -> {}));
    }

    @Test
    void anEntryAtAnotherPlaceIsFoundOut() {
        service.shown = entry -> entry.toBuilder().setIndex(entry.getIndex() + 1).build();
        notBelieved("what is none", () -> log.entries(0, null, 0, null));
    }

    @Test
    void anEntryThatIsLeftOutIsFoundOut() {
        service.shown = entry -> entry.getIndex() < 2 ? entry
                : entry.toBuilder()
                        .setIndex(entry.getIndex() + 1)
                        .setEntryJson(ByteString.copyFromUtf8(entry.getEntryJson()
                                .toStringUtf8()
                                .replace("\"index\":" + entry.getIndex(), "\"index\":" + (entry.getIndex() + 1))))
                        .build();
        notBelieved("left out entry 2", () -> log.export(begun -> {}, entry -> {}));
    }

    @Test
    void pagesGoOnWhereTheLastOneEnded() {
        Page<LogEntryRecord> first = log.entries(1, null, 2, null);
        Page<LogEntryRecord> second = log.entries(1, null, 2, first.nextToken());
        assertThat(first.items()).extracting(entry -> entry.entry().index()).containsExactly(1L, 2L);
        assertThat(second.items()).extracting(entry -> entry.entry().index()).containsExactly(3L, 4L);
        assertThat(second.nextToken()).isNull();
        assertThat(log.entries(5, null, 2, null).items()).isEmpty();
        assertThatThrownBy(() -> log.entries(1, null, 2, "2")).isInstanceOf(PassportException.class)
                .hasMessageContaining("page token");
    }

    /** At the begin, within, between pages, and at the end. */
    @Test
    void anEntryThatAPageLeavesOutIsFoundOut() {
        service.hidden = Set.of(0);
        notBelieved("left out entry 0", () -> log.entries(0, null, 0, null));
        assertThat(log.entries(1, null, 0, null).items()).hasSize(4);
        service.hidden = Set.of(2);
        notBelieved("left out entry 2", () -> log.entries(0, null, 0, null));
        String token = log.entries(0, null, 2, null).nextToken();
        notBelieved("left out entry 2", () -> log.entries(0, null, 2, token));
        service.hidden = Set.of(4);
        notBelieved("left out entry 4", () -> log.entries(0, null, 0, null));
        assertThat(log.entries(0, "agent:alice", 0, null).items()).hasSize(4);
    }

    @Test
    void anEntryThatAWatchLeavesOutIsFoundOut() {
        service.hidden = Set.of(0, 3);
        try (Watch<LogEntryRecord> watch = log.watch(1, null)) {
            assertThat(told(watch)).isEqualTo(1);
            assertThat(told(watch)).isEqualTo(2);
            notBelieved("left out entry 3", () -> told(watch));
        }
        try (Watch<LogEntryRecord> watch = log.watch(3, "agent:alice")) {
            assertThat(told(watch)).isEqualTo(4);
        }
    }

    private static long told(Watch<LogEntryRecord> watch) {
        return Objects.requireNonNull(watch.next(Duration.ofSeconds(60))).entry().index();
    }

    @Test
    void anEntryThatIsNotCanonicalIsNone() {
        service.shown = entry -> entry.toBuilder()
                .setEntryJson(entry.getEntryJson().concat(ByteString.copyFromUtf8(" ")))
                .build();
        notBelieved("what is none", () -> log.entries(0, null, 0, null));
    }

    @Test
    void whatIsPrivateIsWhatWasCommittedTo() {
        service.shown = entry -> entry.toBuilder()
                .setPrivateJson(ByteString.copyFrom(Jcs.bytes(FakeLog.closed(99).members())))
                .build();
        notBelieved("what the entry commits to", () -> log.entries(0, null, 0, null));
    }

    @Test
    void aLogThatWasRewrittenOrCutIsFoundOut() {
        String seen = log.checkpoint().note();
        service.rewrite();
        service.append("other");
        notBelieved("was rewritten", () -> log.checkpoint());
        for (int i = 0; i < 6; i++) {
            service.append("other");
        }
        notBelieved("was rewritten", () -> log.checkpoint());
        notBelieved("was rewritten",
                () -> client.auditLog(service.key(), FakeLog.PARTITION).since(seen).checkpoint());
        assertThat(client.auditLog(service.key(), FakeLog.PARTITION).checkpoint().checkpoint().size()).isEqualTo(7);
    }

    @Test
    void aLogThatGoesBackIsFoundOut() {
        String seen = log.checkpoint().note();
        service.append("later");
        assertThat(log.checkpoint().checkpoint().size()).isEqualTo(6);
        service.stale = seen;
        notBelieved("was cut", () -> log.checkpoint());
    }

    @Test
    void anotherKeyProvesNothing() {
        byte[] seed = "another log key, 32 bytes long..".getBytes(StandardCharsets.US_ASCII);
        var other = new LogKey("passport://fake", Signer.fromSeed(seed).publicKey());
        notBelieved("not to be believed", () -> client.auditLog(other, FakeLog.PARTITION).checkpoint());
        assertThatThrownBy(() -> log.since("nothing\n")).isInstanceOf(PassportException.class)
                .hasMessageContaining("the checkpoint that was kept");
    }

    private static void notBelieved(String why, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(PassportException.class)
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(((PassportException) e).reason())
                        .isEqualTo(PassportException.Reason.PROTOCOL_VIOLATION));
    }
}

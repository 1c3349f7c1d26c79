package io.agentpassport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.UnsignedTrustBundle;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.proto.v1.PublishedBundle;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import io.agentpassport.proto.v1.WatchTrustBundleResponse;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a follower makes of a service that sends bundles in any order, late, early and by others. */
class TrustFollowerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestParties parties = new TestParties();
    private final AtomicReference<Instant> now = new AtomicReference<>(TestParties.ISSUED);
    private final BlockingQueue<Watch> watches = new LinkedBlockingQueue<>();

    private Server server;
    private PassportClient client;
    private TrustFollower follower;

    /** One watch that the follower opened, and with which cursor. */
    private record Watch(String cursor, StreamObserver<WatchTrustBundleResponse> to) {

        void send(byte[] bundle, String next) {
            to.onNext(WatchTrustBundleResponse.newBuilder()
                    .setBundle(PublishedBundle.newBuilder().setBundleJson(ByteString.copyFrom(bundle)))
                    .setCursor(next)
                    .build());
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new TrustServiceGrpc.TrustServiceImplBase() {
                    @Override
                    public void watchTrustBundle(WatchTrustBundleRequest request,
                            StreamObserver<WatchTrustBundleResponse> to) {
                        watches.add(new Watch(request.getCursor(), to));
                    }
                })
                .build()
                .start();
        client = PassportClient.to("localhost:" + server.getPort()).plaintext().clock(now::get).open();
        follower = client.trust().follow(parties.publisher.publicKey());
    }

    @AfterEach
    void stop() {
        follower.close();
        client.close();
        server.shutdownNow();
    }

    @Test
    void itNeverGoesBackToAnOlderBundle() throws Exception {
        Watch first = watch();
        assertThat(first.cursor).isEmpty();
        first.send(bundle(2, parties.publisher.signer(), "b"), "second");
        follower.await(PATIENCE);
        first.send(bundle(1, parties.publisher.signer(), "a"), "first");
        first.to.onCompleted();

        // The cursor says that it has read the older one.
        assertThat(watch().cursor).isEqualTo("first");
        assertThat(issuedAt()).isEqualTo((double) TestParties.ISSUED.plusMillis(2).toEpochMilli());
    }

    @Test
    void whatAnotherSignedIsNotBelieved() throws Exception {
        Watch first = watch();
        first.send(bundle(1, parties.publisher.signer(), "a"), "one");
        follower.await(PATIENCE);
        first.send(bundle(5, parties.issuer.signer(), "b"), "forged");

        // It asks again for what follows the last that it believed.
        Watch second = watch();
        assertThat(second.cursor).isEqualTo("one");
        assertThat(issuedAt()).isEqualTo((double) TestParties.ISSUED.plusMillis(1).toEpochMilli());
        PassportException why = catchThrowableOfType(PassportException.class,
                () -> follower.await(bundle -> bundle.issuedAtMillis() > issuedAt(), Duration.ofMillis(1)));
        assertThat(why).hasMessageContaining("untrusted_publisher");
        second.send(bundle(6, parties.publisher.signer(), "c"), "six");
        follower.await(bundle -> bundle.bundleId().equals("c"), PATIENCE);
    }

    @Test
    void aBundleFromAServiceWhoseClockIsAheadIsNotMissed() throws Exception {
        watch().send(bundle(Duration.ofSeconds(30).toMillis(), parties.publisher.signer(), "ahead"), "one");

        follower.await(bundle -> bundle.bundleId().equals("ahead"), PATIENCE);
    }

    @Test
    void aBundleFromTheFarFutureIsAskedForAgainUntilItsTimeComes() throws Exception {
        byte[] future = bundle(Duration.ofMinutes(10).toMillis(), parties.publisher.signer(), "future");
        watch().send(future, "one");
        Watch again = watch();
        assertThat(again.cursor).isEmpty();
        assertThat(follower.bundle()).isNull();

        now.set(TestParties.ISSUED.plus(Duration.ofMinutes(10)));
        again.send(future, "one");

        follower.await(bundle -> bundle.bundleId().equals("future"), PATIENCE);
    }

    @Test
    void aCursorThatIsRefusedIsForgotten() throws Exception {
        Watch first = watch();
        first.send(bundle(1, parties.publisher.signer(), "a"), "of another store");
        follower.await(PATIENCE);
        first.to.onCompleted();

        Watch second = watch();
        assertThat(second.cursor).isEqualTo("of another store");
        second.to.onError(StatusProto.toStatusRuntimeException(ErrorDetails.encode(ServiceErrors.invalidCursor())));

        Watch third = watch();
        assertThat(third.cursor).isEmpty();
        third.send(bundle(2, parties.publisher.signer(), "b"), "two");
        follower.await(bundle -> bundle.bundleId().equals("b"), PATIENCE);
    }

    @Test
    void pastItsRefreshABundleVouchesForNobody() throws Exception {
        watch().send(bundle(1, parties.publisher.signer(), "a"), "one");
        follower.await(PATIENCE);
        double refreshAfter = Objects.requireNonNull(follower.bundle()).refreshAfterMillis();

        assertThat(follower.anchorsAt(refreshAfter)).isNotSameAs(TrustAnchors.NONE);
        assertThat(follower.anchorsAt(refreshAfter + 1)).isSameAs(TrustAnchors.NONE);
    }

    @Test
    void whoWaitsInVainIsToldWhy() {
        PassportException why = catchThrowableOfType(PassportException.class,
                () -> follower.await(Duration.ofMillis(1)));

        assertThat(why.reason()).isEqualTo(PassportException.Reason.TIMED_OUT);
        assertThat(why).hasMessageContaining("localhost:" + server.getPort());
    }

    private Watch watch() throws InterruptedException {
        return Objects.requireNonNull(watches.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "no watch was opened");
    }

    private double issuedAt() {
        VerifiedTrustBundle bundle = Objects.requireNonNull(follower.bundle());
        return bundle.issuedAtMillis();
    }

    private byte[] bundle(long afterMillis, Signer by, String id) {
        JsonObject anchor = JsonObject.builder()
                .put("anchor_id", "anchor")
                .put("display_name", "Test")
                .put("role", Role.TRUST_ANCHOR.text())
                .put("pubkey_hex", parties.issuer.publicKey().hex())
                .put("not_before", (double) TestParties.ISSUED.toEpochMilli())
                .put("not_after", (double) TestParties.ISSUED.plus(Duration.ofDays(30)).toEpochMilli())
                .build();
        double issuedAt = TestParties.ISSUED.plusMillis(afterMillis).toEpochMilli();
        var unsigned = new UnsignedTrustBundle(id, issuedAt, List.of(anchor), issuedAt + 3_600_000, null, null,
                by.publicKey());
        return Jcs.bytes(SignedDocument.signOwn(unsigned.json(), by));
    }
}

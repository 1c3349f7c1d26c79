package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.proto.v1.AttestResponse;
import io.agentpassport.proto.v1.Derivation;
import io.agentpassport.proto.v1.DeriveSessionResponse;
import io.agentpassport.proto.v1.DerivedSession;
import io.agentpassport.proto.v1.EndSessionResponse;
import io.agentpassport.proto.v1.GetSessionResponse;
import io.agentpassport.proto.v1.HelloResponse;
import io.agentpassport.proto.v1.ListSessionsResponse;
import io.agentpassport.proto.v1.VerifyAttestResponse;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The answers of mutual_auth_service.proto as values, and their encoding. */
public final class MutualAuthAnswers {

    private MutualAuthAnswers() {}

    /**
     * The service's proof of itself, and what an agent must know to answer it.
     *
     * @param attest the service's own, signed
     * @param audience the binding of its certificate
     * @param expiresAt the last instant at which the challenge is taken
     * @param maxClockSkew how far the clocks may be apart
     * @param maxSession the longest life of a session
     * @param idleTimeout for how long a session may rest
     */
    public record Challenge(Attest attest, String audience, Instant expiresAt, Duration maxClockSkew,
            Duration maxSession, Duration idleTimeout) {}

    /** When a session was ended or displaced, and why; the reason may be empty. */
    public record Ended(Instant at, String reason) {}

    /**
     * A session that this service established, and where it stands.
     *
     * @param identity the agent's
     * @param lastActiveAt the last accepted call, or the establishment
     * @param ended null unless it was
     */
    public record EstablishedSession(Session session, PartitionName partition, Identity identity, SessionState state,
            Duration idleTimeout, Instant lastActiveAt, @Nullable Ended ended) {}

    /** Answers Hello. */
    public static HelloResponse challenged(Challenge challenge) {
        return HelloResponse.newBuilder()
                .setAttestJson(ByteString.copyFrom(Jcs.bytes(challenge.attest().json())))
                .setView(Views.of(challenge.attest()))
                .setAudience(challenge.audience())
                .setChallengeExpiresAt(WireTime.encode(challenge.expiresAt()))
                .setMaxClockSkew(WireTime.encode(challenge.maxClockSkew()))
                .setMaxSession(WireTime.encode(challenge.maxSession()))
                .setIdleTimeout(WireTime.encode(challenge.idleTimeout()))
                .build();
    }

    /** Answers Attest. */
    public static AttestResponse established(EstablishedSession session) {
        return AttestResponse.newBuilder().setSession(encode(session)).build();
    }

    /** Answers VerifyAttest. */
    public static VerifyAttestResponse judged(AttestVerifier.Verdict verdict, Instant judgedAt) {
        var response = VerifyAttestResponse.newBuilder().setJudgedAt(WireTime.encode(judgedAt));
        if (verdict instanceof AttestVerifier.Accepted accepted) {
            response.setVerified(Views.of(accepted.attest().attest()));
        } else {
            response.setFailure(MutualAuthFailures.encode(((AttestVerifier.Refused) verdict).failure()));
        }
        return response.build();
    }

    /** Answers DeriveSession: verified, or by the derivation alone. */
    public static DeriveSessionResponse derived(SessionDerivation.Outcome outcome, boolean verified,
            Instant judgedAt) {
        var response = DeriveSessionResponse.newBuilder()
                .setDerivation(verified ? Derivation.DERIVATION_VERIFIED : Derivation.DERIVATION_UNVERIFIED)
                .setJudgedAt(WireTime.encode(judgedAt));
        if (outcome instanceof SessionDerivation.Derived derived) {
            response.setSession(DerivedSession.newBuilder()
                    .setSessionJson(ByteString.copyFrom(derived.session().canonicalBytes()))
                    .setView(Views.of(derived.session())));
        } else {
            response.setFailure(MutualAuthFailures.encode(((SessionDerivation.Refused) outcome).failure()));
        }
        return response.build();
    }

    /** Answers GetSession. */
    public static GetSessionResponse found(EstablishedSession session) {
        return GetSessionResponse.newBuilder().setSession(encode(session)).build();
    }

    /** Answers ListSessions. */
    public static ListSessionsResponse listed(Page<EstablishedSession> page) {
        var response = ListSessionsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(session -> response.addSessions(encode(session)));
        return response.build();
    }

    /** Answers EndSession. */
    public static EndSessionResponse ended(EstablishedSession session) {
        return EndSessionResponse.newBuilder().setSession(encode(session)).build();
    }

    private static io.agentpassport.proto.v1.EstablishedSession encode(EstablishedSession established) {
        Session session = established.session();
        var message = io.agentpassport.proto.v1.EstablishedSession.newBuilder()
                .setSessionId(session.id().text())
                .setPartition(established.partition().text())
                .setSessionJson(ByteString.copyFrom(session.canonicalBytes()))
                .setView(Views.of(session))
                .setIdentity(Identities.encode(established.identity()))
                .setState(encode(established.state()))
                .setIdleTimeout(WireTime.encode(established.idleTimeout()))
                .setLastActiveAt(WireTime.encode(established.lastActiveAt()));
        Ended ended = established.ended();
        if (ended != null) {
            message.setEndedAt(WireTime.encode(ended.at())).setEndReason(ended.reason());
        }
        return message.build();
    }

    private static io.agentpassport.proto.v1.SessionState encode(SessionState state) {
        return switch (state) {
            case ACTIVE -> io.agentpassport.proto.v1.SessionState.SESSION_STATE_ACTIVE;
            case EXPIRED -> io.agentpassport.proto.v1.SessionState.SESSION_STATE_EXPIRED;
            case IDLE -> io.agentpassport.proto.v1.SessionState.SESSION_STATE_IDLE;
            case DISPLACED -> io.agentpassport.proto.v1.SessionState.SESSION_STATE_DISPLACED;
            case ENDED -> io.agentpassport.proto.v1.SessionState.SESSION_STATE_ENDED;
            case REVOKED -> io.agentpassport.proto.v1.SessionState.SESSION_STATE_REVOKED;
        };
    }
}

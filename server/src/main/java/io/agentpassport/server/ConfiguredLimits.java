package io.agentpassport.server;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.gateway.call.GatewayLimits;
import io.agentpassport.server.mutualauth.MutualAuthLimits;
import io.agentpassport.server.partition.Rates;
import java.util.function.LongSupplier;

/** What the configuration sets of the limits of features; what it does not set is as it usually is. */
final class ConfiguredLimits {

    /** Identities that began a session of late, some 200 bytes each; more at once wait. */
    private static final int IDENTITIES = 262_144;

    private ConfiguredLimits() {}

    /** Whom handshakes admit, and for how long. */
    static MutualAuthPolicy handshakes(ServerConfig config) {
        Integer grade = config.handshake().minAgentGrade();
        return new MutualAuthPolicy(config.service().protocolVersions(), grade == null ? null : Long.valueOf(grade),
                config.handshake().requiredCapabilities(), config.handshake().maxClockSkew().toMillis(),
                config.sessions().maxLife().toMillis());
    }

    /** How many sessions there may be, and how long they live. */
    static MutualAuthLimits mutualAuth(ServerConfig config) {
        MutualAuthLimits usual = MutualAuthLimits.DEFAULT;
        return new MutualAuthLimits(usual.openChallenges(), usual.openChallengesPerPeer(),
                usual.rememberedChallenges(), config.sessions().perIdentity(), usual.activeSessions(),
                usual.cachedSessions(), usual.nonces(), usual.noncesPerSession(), config.sessions().maxLife(),
                config.sessions().idleTimeout());
    }

    /** How often one identity may begin a session. */
    static Rates<Identity> attests(ServerConfig config, LongSupplier ticker) {
        return new Rates<>(config.peers().attestsPerIdentity(),
                Math.max(config.sessions().perIdentity(), config.peers().attestsPerIdentity()), IDENTITIES, ticker);
    }

    /** How many calls there may be, and how long they take. */
    static GatewayLimits calls(ServerConfig config) {
        ServerConfig.Gateway gateway = config.gateway();
        return GatewayLimits.of(gateway.callsPerSecond(), gateway.burst(), gateway.inFlight(), gateway.toolTimeout());
    }
}

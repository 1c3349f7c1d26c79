package io.agentpassport.core.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Both sides choose the protocol version alike. */
public final class VersionNegotiation {

    private VersionNegotiation() {}

    /** The first of our accepted versions that the peer supports, or null when there is none. Order alone decides. */
    public static @Nullable String choose(List<String> peerSupported, List<String> ownAccepted) {
        for (String version : ownAccepted) {
            if (peerSupported.contains(version)) {
                return version;
            }
        }
        return null;
    }
}

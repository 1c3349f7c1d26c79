package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.ListPlace;
import java.util.List;

/** What mutual authentication keeps in the partition of an agent's identity. */
public final class MutualAuthRows {

    private static final Codec<SessionId> SESSION_ID = Codec.of(id -> Digest.bytesOf(id.text()),
            MutualAuthRows::sessionId);
    private static final Codec<String> HASH = Codec.of(hex -> HexText.decodeAnyCase(hex), HexText::encode);

    /** Sessions, until a while after their end. */
    static final Keyspace<SessionId, SessionRow> SESSIONS = new Keyspace<>(20, "sessions", SESSION_ID,
            JsonCodec.of(SessionRow::json, SessionRow::fromJson));

    /** The sessions an identity holds, by its hash. */
    static final Keyspace<String, OpenSessions> OPEN_SESSIONS = new Keyspace<>(21, "open_sessions", HASH,
            JsonCodec.of(OpenSessions::json, OpenSessions::fromJson));

    /** Where sessions stand in lists; the value is whose session it is. */
    static final Keyspace<ListPlace<SessionId>, Identity> SESSION_LISTS = new Keyspace<ListPlace<SessionId>, Identity>(
            22, "session_lists",
            ListPlace.codec(SESSION_ID), JsonCodec.of(IdentityJson::of, IdentityJson::read)).unread();

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(SESSIONS, OPEN_SESSIONS, SESSION_LISTS);

    private MutualAuthRows() {}

    private static SessionId sessionId(byte[] digest) {
        return new SessionId(Digest.text(digest));
    }
}

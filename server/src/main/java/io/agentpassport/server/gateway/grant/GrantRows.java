package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.ListPlace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What grants keep in the partition of their subject. */
public final class GrantRows {

    private static final Codec<GrantId> ID = Codec.of(id -> Codec.text().encode(id.text()),
            bytes -> new GrantId(Codec.text().decode(bytes)));

    /** Grants, until a while after their time. */
    public static final Keyspace<GrantId, Grant> GRANTS = new Keyspace<>(50, "grants", ID,
            JsonCodec.of(Grant::json, Grant::fromJson));

    /** Which of them were revoked. */
    public static final Keyspace<GrantId, GrantRevocation> REVOCATIONS = new Keyspace<>(51, "grant_revocations", ID,
            JsonCodec.of(GrantRevocation::json, GrantRevocation::fromJson));

    /** What an identity holds, by its hash. */
    static final Keyspace<String, HeldGrants> HELD = new Keyspace<>(52, "held_grants",
            Codec.of(HexText::decodeAnyCase, HexText::encode), JsonCodec.of(HeldGrants::json, HeldGrants::fromJson));

    /** Where grants stand in lists; the value is who holds it. */
    static final Keyspace<ListPlace<GrantId>, Holder> LISTS = new Keyspace<ListPlace<GrantId>, Holder>(53,
            "grant_lists",
            ListPlace.codec(ID), JsonCodec.of(Holder::json, Holder::fromJson)).unread();

    /** What became of requests, by who made them and what they were called. */
    static final Keyspace<String, Requested> REQUESTS = new Keyspace<String, Requested>(54, "grant_requests",
            Codec.text(),
            JsonCodec.of(Requested::json, Requested::fromJson)).brief();

    /** How many hang on a grant. */
    static final Keyspace<GrantId, ChildGrants> CHILDREN = new Keyspace<>(57, "grant_children", ID,
            JsonCodec.of(ChildGrants::json, ChildGrants::fromJson));

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(GRANTS, REVOCATIONS, HELD, LISTS, REQUESTS, CHILDREN);

    private GrantRows() {}

    /** The list of what hangs on a grant. */
    static String listBelow(GrantId parent) {
        return HexText.encode(Digest.sha256(parent.text().getBytes(StandardCharsets.US_ASCII)));
    }

    /** Whose a grant is. */
    record Holder(Identity identity) {

        JsonObject json() {
            return JsonObject.builder()
                    .put("issuer_domain", identity.issuerDomain())
                    .put("binding", identity.binding())
                    .build();
        }

        static @Nullable Holder fromJson(JsonObject json) {
            String domain = json.string("issuer_domain");
            String binding = json.string("binding");
            return domain == null || binding == null ? null : new Holder(new Identity(domain, binding));
        }
    }

    /**
     * A request that made a grant.
     *
     * @param digest
     *            of all that was asked for
     */
    record Requested(String digest, GrantId grant) {

        JsonObject json() {
            return JsonObject.builder().put("digest", digest).put("grant", grant.text()).build();
        }

        static @Nullable Requested fromJson(JsonObject json) {
            String digest = json.string("digest");
            GrantId grant = GrantId.fromText(json.string("grant"));
            return digest == null || grant == null ? null : new Requested(digest, grant);
        }
    }

    static ChildGrants children(Rows rows, GrantId parent) {
        return Objects.requireNonNullElse(rows.get(CHILDREN, parent), ChildGrants.NONE);
    }

    static HeldGrants held(Rows rows, String identity) {
        return Objects.requireNonNullElse(rows.get(HELD, identity), HeldGrants.NONE);
    }
}

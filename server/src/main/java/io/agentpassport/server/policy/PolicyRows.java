package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What policies keep in the service partition. */
public final class PolicyRows {

    /** By id and then by version, so that the versions of one policy scan in their order. */
    private static final Codec<PolicyRef> REF = Codec.of(PolicyRows::encode, PolicyRows::decode);

    /** The newest version of each policy, by id. */
    static final Keyspace<String, Long> NEWEST = new Keyspace<>(40, "policies", Codec.text(), Codec.number());

    /** Every version there ever was. */
    static final Keyspace<PolicyRef, PolicyVersion> VERSIONS = new Keyspace<>(41, "policy_versions", REF,
            JsonCodec.of(PolicyVersion::json, PolicyVersion::fromJson));

    /** What a request id put, for a day. */
    static final Keyspace<String, Put> REQUESTS = new Keyspace<String, Put>(42, "policy_requests", Codec.text(),
            JsonCodec.of(Put::json, Put::fromJson)).brief();

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(NEWEST, VERSIONS, REQUESTS);

    private PolicyRows() {}

    /** That a document was put, as this version. */
    record Put(PolicyRef ref, String digest) {

        JsonObject json() {
            return JsonObject.builder().put("ref", ref.text()).put("digest", digest).build();
        }

        static @Nullable Put fromJson(JsonObject json) {
            String text = json.string("ref");
            String digest = json.string("digest");
            PolicyRef ref = text == null ? null : PolicyRef.fromText(text);
            return ref == null || digest == null ? null : new Put(ref, digest);
        }
    }

    /** The bytes that all versions of a policy begin with. */
    static byte[] prefix(String id) {
        byte[] name = id.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(name.length + 1).put(name).put((byte) 0).array();
    }

    private static byte[] encode(PolicyRef ref) {
        byte[] prefix = prefix(ref.id());
        return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(ref.version()).array();
    }

    private static PolicyRef decode(byte[] bytes) {
        int name = bytes.length - 1 - Long.BYTES;
        if (name < 1 || bytes[name] != 0) {
            throw new IllegalArgumentException("not a version of a policy");
        }
        return new PolicyRef(new String(bytes, 0, name, StandardCharsets.US_ASCII),
                ByteBuffer.wrap(bytes, name + 1, Long.BYTES).getLong());
    }
}

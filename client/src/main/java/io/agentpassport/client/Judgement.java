package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.TrustAnchors;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what a service is to judge a question; each part that is null stands for the service's own.
 *
 * @param policy the policy document
 * @param anchors the documents of the anchors to believe, in order
 * @param revokedAnchorIds which of them count as revoked; read with anchors only
 * @param now the instant
 */
public record Judgement(@Nullable JsonObject policy, @Nullable List<JsonObject> anchors, List<String> revokedAnchorIds,
        @Nullable Instant now) {

    /** Copies the lists. */
    public Judgement {
        anchors = anchors == null ? null : List.copyOf(anchors);
        revokedAnchorIds = List.copyOf(revokedAnchorIds);
    }

    @Nullable
    ByteString policyJson() {
        return policy == null ? null : ByteString.copyFrom(Jcs.bytes(policy));
    }

    @Nullable
    TrustAnchors anchorsMessage() {
        if (anchors == null) {
            return null;
        }
        TrustAnchors.Builder message = TrustAnchors.newBuilder().addAllRevokedAnchorIds(revokedAnchorIds);
        for (JsonObject anchor : anchors) {
            message.addAnchorsJson(ByteString.copyFrom(Jcs.bytes(anchor)));
        }
        return message.build();
    }
}

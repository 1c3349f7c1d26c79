package io.agentpassport.client;

import io.agentpassport.proto.v1.UpstreamTool;

/**
 * A tool of an upstream.
 *
 * @param state {@code accepted}, {@code quarantined}, {@code new} or {@code gone}
 * @param acceptedJson the definition that agents see; empty when none was accepted
 * @param acceptedDigest its digest; empty when none was accepted
 * @param offeredJson what the upstream has now, when it is not the accepted one; else empty
 * @param offeredDigest its digest, or empty
 * @param difference what is different, or why it is under quarantine; may be empty
 * @param changedBy the admin who brought its state about; empty when nobody did
 */
public record UpstreamToolRecord(String upstream, String name, String state, String acceptedJson,
        String acceptedDigest, String offeredJson, String offeredDigest, String difference, String changedBy) {

    static UpstreamToolRecord of(UpstreamTool message) {
        return new UpstreamToolRecord(message.getUpstream(), message.getName(),
                UpstreamRecord.word(message.getState().name(), "UPSTREAM_TOOL_STATE_"),
                message.getAcceptedJson().toStringUtf8(), message.getAcceptedDigest(),
                message.getOfferedJson().toStringUtf8(), message.getOfferedDigest(), message.getDifference(),
                message.getChangedBy());
    }

    /** The digest of what the upstream has now, or had last: what is to be accepted. */
    public String currentDigest() {
        return offeredDigest.isEmpty() ? acceptedDigest : offeredDigest;
    }

    /** The definition that the upstream has now, or had last, as JSON. */
    public String currentJson() {
        return offeredJson.isEmpty() ? acceptedJson : offeredJson;
    }
}

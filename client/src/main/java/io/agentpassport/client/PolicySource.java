package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.proto.v1.PolicyDocument;
import io.agentpassport.proto.v1.PolicyFormat;
import io.agentpassport.proto.v1.PolicyVersion;

/** A policy document, one that a service keeps or one as it is written. */
public sealed interface PolicySource {

    /**
     * One that the service keeps.
     *
     * @param version 0 for the one in force
     */
    record Kept(String id, long version) implements PolicySource {}

    /** One as it is written, JSON when it begins with a brace, otherwise YAML. */
    record Written(String text) implements PolicySource {

        PolicyDocument message() {
            return PolicyDocument.newBuilder()
                    .setText(ByteString.copyFromUtf8(text))
                    .setFormat(text.stripLeading().startsWith("{")
                            ? PolicyFormat.POLICY_FORMAT_JSON
                            : PolicyFormat.POLICY_FORMAT_YAML)
                    .build();
        }
    }

    /** As requests name it. */
    static io.agentpassport.proto.v1.PolicySource encode(PolicySource source) {
        var message = io.agentpassport.proto.v1.PolicySource.newBuilder();
        if (source instanceof Kept kept) {
            message.setPolicy(PolicyVersion.newBuilder().setPolicyId(kept.id()).setVersion(kept.version()));
        } else if (source instanceof Written written) {
            message.setDocument(written.message());
        }
        return message.build();
    }
}

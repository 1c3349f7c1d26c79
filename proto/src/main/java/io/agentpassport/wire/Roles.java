package io.agentpassport.wire;

import io.agentpassport.core.certificate.Role;
import org.jspecify.annotations.Nullable;

/** Roles on the wire and in core: the same list twice. */
public final class Roles {

    private Roles() {}

    /** The role on the wire; unspecified when there is none. */
    public static io.agentpassport.proto.v1.Role encode(@Nullable Role role) {
        if (role == null) {
            return io.agentpassport.proto.v1.Role.ROLE_UNSPECIFIED;
        }
        return switch (role) {
            case AGENT -> io.agentpassport.proto.v1.Role.ROLE_AGENT;
            case INFORMATION_SYSTEM -> io.agentpassport.proto.v1.Role.ROLE_INFORMATION_SYSTEM;
            case TRUST_ANCHOR -> io.agentpassport.proto.v1.Role.ROLE_TRUST_ANCHOR;
        };
    }

    /** The role of a subject. */
    static Role decodeSubject(String field, io.agentpassport.proto.v1.Role value) {
        return switch (value) {
            case ROLE_AGENT -> Role.AGENT;
            case ROLE_INFORMATION_SYSTEM -> Role.INFORMATION_SYSTEM;
            case ROLE_TRUST_ANCHOR, ROLE_UNSPECIFIED, UNRECOGNIZED ->
                throw Malformed.field(field, "must be ROLE_AGENT or ROLE_INFORMATION_SYSTEM");
        };
    }
}

package io.agentpassport.wire;

import io.agentpassport.proto.v1.BackupRequest;
import io.agentpassport.proto.v1.ConfirmClockRequest;
import java.time.Instant;
import java.util.regex.Pattern;

/** The requests of operations_service.proto, decoded. */
public final class OperationsRequests {

    private static final Pattern BACKUP_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    private OperationsRequests() {}

    /** What the operator's clock shows. */
    public static Decoded<Instant> decode(ConfirmClockRequest request) {
        return Decoded.of(() -> WireTime.decode("now", request.getNow()));
    }

    /** The name of the copy: {@code [a-z0-9][a-z0-9_-]{0,63}}, which is a name for a folder too. */
    public static Decoded<String> decode(BackupRequest request) {
        return Decoded.of(() -> {
            if (!BACKUP_NAME.matcher(request.getName()).matches()) {
                throw Malformed.field("name",
                        "must have 1 to 64 characters of a-z, 0-9, - and _, the first a letter or digit");
            }
            return request.getName();
        });
    }
}

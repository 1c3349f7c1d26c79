package io.agentpassport.client;

import io.agentpassport.proto.v1.BackupRequest;
import io.agentpassport.proto.v1.ConfirmClockRequest;
import io.agentpassport.proto.v1.GetStatusRequest;
import io.agentpassport.proto.v1.OperationsServiceGrpc;
import io.agentpassport.wire.WireTime;
import java.time.Instant;

/** As an admin (mTLS): what those do who run the service. */
public final class Operations {

    private final PassportClient client;

    Operations(PassportClient client) {
        this.client = client;
    }

    /** As an operator or auditor: how the service is now. */
    public ServiceStatusRecord status() {
        return ServiceStatusRecord.of(client.calls()
                .call(OperationsServiceGrpc.getGetStatusMethod(), GetStatusRequest.getDefaultInstance(),
                        Calls.Repeat.SAFE)
                .getStatus());
    }

    /**
     * As an operator: has the service believe its clock, which was set forward. It must show the time of this client's
     * clock, give or take a minute.
     *
     * @return the time that the service goes by
     * @throws PassportException with CLOCK_UNTRUSTED, when it shows another time, or is behind what was decided by
     */
    public Instant confirmClock() {
        ConfirmClockRequest request = ConfirmClockRequest.newBuilder()
                .setNow(WireTime.encode(client.clock().instant()))
                .build();
        return WireValues.instant(client.calls()
                .call(OperationsServiceGrpc.getConfirmClockMethod(), request, Calls.Repeat.SAFE)
                .getNow());
    }

    /**
     * As an operator: has the service copy its database, with its anchors, into its data folder.
     *
     * @param name of the copy: 1 to 64 characters of {@code a-z0-9_-}
     * @throws PassportException with BACKUP_EXISTS, when there is one by that name
     */
    public BackupRecord backup(String name) {
        BackupRequest request = BackupRequest.newBuilder().setName(name).build();
        return BackupRecord
                .of(client.calls().call(OperationsServiceGrpc.getBackupMethod(), request, Calls.Repeat.NEVER));
    }
}

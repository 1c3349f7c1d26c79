package io.agentpassport.client;

import io.agentpassport.proto.v1.BackedUpPartition;
import io.agentpassport.proto.v1.BackupResponse;
import java.util.List;

/**
 * A copy of the service's database.
 *
 * @param path its folder on the machine of the service
 * @param bytes what its files take
 */
public record BackupRecord(String path, long bytes, List<Part> partitions) {

    public BackupRecord {
        partitions = List.copyOf(partitions);
    }

    /**
     * How far a partition is in it.
     *
     * @param partition 4 digits of hex
     * @param seq its newest commit
     * @param logSize entries of its log
     */
    public record Part(String partition, long seq, long logSize) {

        private static Part of(BackedUpPartition message) {
            return new Part(message.getPartition(), message.getSeq(), message.getLogSize());
        }
    }

    static BackupRecord of(BackupResponse message) {
        return new BackupRecord(message.getPath(), message.getBytes(),
                message.getPartitionsList().stream().map(Part::of).toList());
    }
}

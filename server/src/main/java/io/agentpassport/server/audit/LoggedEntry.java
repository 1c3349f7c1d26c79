package io.agentpassport.server.audit;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is stored.
 *
 * @param index its place
 * @param json its canonical bytes, which make the leaf; never changed by anybody
 * @param closed what it commits to; null when that is nothing, or is not for the one who asks
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record LoggedEntry(long index, byte[] json, @Nullable PrivateMembers closed) {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.LOG_ENTRY);

    /** What it says; null when it is not JSON, so that something else than the service wrote it. */
    public @Nullable JsonObject members() {
        return PARSER.parse(json) instanceof JsonParser.Parsed parsed ? parsed.object() : null;
    }

    /**
     * What it says, in the log of a partition.
     *
     * @throws StoreException with {@link StoreException.Reason#DAMAGED} when it is not JSON
     */
    JsonObject membersIn(PartitionId partition) {
        JsonObject members = members();
        if (members == null) {
            throw damaged(partition, index);
        }
        return members;
    }

    /** That an entry is not as anybody wrote it. */
    static StoreException damaged(PartitionId partition, long index) {
        return new StoreException(StoreException.Reason.DAMAGED, "entry " + index + " of the log of partition "
                + partition + " is damaged: run `./passport audit verify`", null);
    }
}

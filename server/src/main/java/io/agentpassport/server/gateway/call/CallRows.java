package io.agentpassport.server.gateway.call;

import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.DuePlace;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.RowInput;
import io.agentpassport.server.store.RowOutput;
import java.util.List;

/** What calls keep in the partition of their agent. On the way of every call, so binary; the first byte says which form. */
public final class CallRows {

    private static final Codec<CallKey> KEY = Codec.of(CallKey::encode, CallKey::decode);

    private static final Codec<ReservationId> RESERVATION = Codec.of(id -> Codec.text().encode(id.text()),
            bytes -> new ReservationId(Codec.text().decode(bytes)));

    /** Allowed calls, and so the request ids that are used up, for 24 hours. */
    public static final Keyspace<CallKey, CallRow> CALLS = new Keyspace<CallKey, CallRow>(66, "tool_calls", KEY,
            Codec.of(CallRow::encode, CallRow::decode)).brief();

    /** What tools answered, for 10 minutes. */
    public static final Keyspace<CallKey, Answer> ANSWERS = new Keyspace<CallKey, Answer>(67, "tool_call_answers", KEY,
            Codec.of(Answer::encode, Answer::decode)).brief();

    /** Calls that are not settled; no row of these ever expires, somebody settles it. */
    public static final Keyspace<ReservationId, OpenCall> OPEN = new Keyspace<ReservationId, OpenCall>(68,
            "open_tool_calls", RESERVATION,
            Codec.of(OpenCall::encode, OpenCall::decode)).brief();

    /** Those of them that their callers run, by the last instant to settle them, so that a sweep reads no others. */
    static final Keyspace<DuePlace<ReservationId>, String> DUE = new Keyspace<DuePlace<ReservationId>, String>(70,
            "due_tool_calls", DuePlace.codec(RESERVATION), Codec.text()).unread();

    /** What their callers ran and is settled, by reservation, for as long as the request id is used up. */
    static final Keyspace<ReservationId, CallKey> SETTLED = new Keyspace<ReservationId, CallKey>(71,
            "settled_reservations", RESERVATION,
            KEY).brief();

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(CALLS, ANSWERS, OPEN, DUE, SETTLED);

    private CallRows() {}

    /**
     * What a tool answered.
     *
     * @param result
     *            canonical JSON, at most {@link GatewayLimits#MAX_KEPT_ANSWER_BYTES}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Answer(byte[] result, boolean isError) {

        private static final int FORM = 1;

        byte[] encode() {
            return new RowOutput(FORM, result.length + 8).small(isError ? 1 : 0).bytes(result).toByteArray();
        }

        static Answer decode(byte[] bytes) {
            RowInput in = RowInput.of(bytes, FORM);
            boolean isError = in.small() == 1;
            var answer = new Answer(in.bytes(), isError);
            in.end();
            return answer;
        }
    }
}

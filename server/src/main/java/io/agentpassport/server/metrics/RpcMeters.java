package io.agentpassport.server.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How calls over gRPC do: how long each method takes, how its calls end, and what is refused before it is known who asks. */
public final class RpcMeters {

    private static final String OTHER = "OTHER";

    private final Metrics metrics;
    private final int codes;
    private final Map<String, Method> methods = new HashMap<>();
    private final Method unknown;
    private final Map<String, LongAdder> refusals = new HashMap<>();
    private final LongAdder otherRefusals;

    /**
     * Makes them.
     *
     * @param fullMethodNames
     *            the methods that are told apart
     * @param codes
     *            how many codes a call can end with
     * @param reasons
     *            the reasons of refusals that are told apart
     */
    public RpcMeters(Metrics metrics, Collection<String> fullMethodNames, int codes, Collection<String> reasons) {
        this.metrics = metrics;
        this.codes = codes;
        fullMethodNames.forEach(name -> methods.put(name, new Method(name)));
        this.unknown = new Method(OTHER);
        reasons.forEach(reason -> refusals.put(reason, refusal(reason)));
        this.otherRefusals = refusal(OTHER);
    }

    private LongAdder refusal(String reason) {
        LongAdder count = new LongAdder();
        metrics.counter("refused", "Calls refused before it was known who asks, by the reason", count::sum, "reason",
                reason);
        return count;
    }

    /** The meters of a method; those of all others together for one that is not known. */
    public Method of(String fullMethodName) {
        return methods.getOrDefault(fullMethodName, unknown);
    }

    /** Something was refused before it was known who asks. */
    public void refused(String reason) {
        refusals.getOrDefault(reason, otherRefusals).increment();
    }

    /** The meters of one method, made when it is first called. */
    public final class Method {

        private final String name;
        private final AtomicReferenceArray<@Nullable LongAdder> byCode = new AtomicReferenceArray<>(codes);
        private volatile @Nullable Timer duration;

        private Method(String name) {
            this.name = name;
        }

        /**
         * A call ended.
         *
         * @param code
         *            the number of its status code
         * @param codeName
         *            its name
         */
        public void ended(int code, String codeName, long nanos) {
            LongAdder count = byCode.get(code);
            (count == null ? first(code, codeName) : count).increment();
            Timer timer = duration;
            (timer == null ? first() : timer).record(nanos, TimeUnit.NANOSECONDS);
        }

        private synchronized LongAdder first(int code, String codeName) {
            LongAdder count = byCode.get(code);
            if (count == null) {
                LongAdder made = new LongAdder();
                metrics.counter("rpc.calls", "Calls over gRPC that ended, by method and status code", made::sum,
                        "method",
                        name, "code", codeName);
                byCode.set(code, made);
                return made;
            }
            return count;
        }

        private synchronized Timer first() {
            Timer timer = duration;
            if (timer == null) {
                timer = metrics.timer("rpc.duration",
                        "How long calls over gRPC took; of streams, how long they were open",
                        "method", name);
                duration = timer;
            }
            return timer;
        }
    }
}

package io.agentpassport.server.partition;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What is open now, of which there may be only so many. For any threads. */
public final class BoundedSet<T> {

    private final int most;
    private final Set<T> members = ConcurrentHashMap.newKeySet();
    private final AtomicInteger size = new AtomicInteger();

    /** @param most how many there may be */
    public BoundedSet(int most) {
        this.most = most;
    }

    /** Takes one that is not there yet, unless there are as many as may be. */
    public boolean add(T one) {
        if (size.incrementAndGet() > most) {
            size.decrementAndGet();
            return false;
        }
        members.add(one);
        return true;
    }

    /** Takes one out, once however often it is asked. */
    public void remove(T one) {
        if (members.remove(one)) {
            size.decrementAndGet();
        }
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    public int size() {
        return size.get();
    }

    /** Those that are there; of one that comes or goes meanwhile, perhaps. */
    public void forEach(Consumer<? super T> each) {
        members.forEach(each);
    }
}

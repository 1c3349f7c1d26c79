package io.agentpassport.server.crash;

import org.jspecify.annotations.Nullable;

/**
 * A grant or a budget session with so many calls in it, and its end.
 *
 * @param <T>
 *            what it is answered as
 */
final class Bounded<T> {

    private final Lot.Kind kind;
    private final int most;
    private final Operation<T> made;
    private final Operation<String> revoked;
    private volatile @Nullable Lot lot;

    Bounded(Lot.Kind kind, int most, String name) {
        this.kind = kind;
        this.most = most;
        this.made = new Operation<>(name);
        this.revoked = new Operation<>("the end of " + name);
    }

    Operation<T> made() {
        return made;
    }

    Operation<String> revoked() {
        return revoked;
    }

    /** It was answered, under that id. */
    void named(String id) {
        lot = new Lot(kind, id, most);
    }

    /** What bounds its calls; null before it was answered. */
    @Nullable
    Lot lot() {
        return lot;
    }
}

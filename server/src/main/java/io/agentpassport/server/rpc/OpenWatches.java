package io.agentpassport.server.rpc;

import io.agentpassport.core.session.SessionState;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one kind that agents have open: one has no more than its share, all of them leave places to admins, and a
 * watch ends when its session does.
 */
final class OpenWatches {

    /** Watches of one kind that an agent may have open. */
    static final int OF_AN_AGENT = 4;

    /** Places that agents leave to admins. */
    static final int FOR_ADMINS = 64;

    private final Function<Caller.Agent, SessionState> sessions;
    private final int most;
    private final Set<Place> taken = new HashSet<>();

    /**
     * @param sessions
     *            where a caller's session stands; may read the store
     * @param watchers
     *            how many may watch at all
     */
    OpenWatches(Function<Caller.Agent, SessionState> sessions, int watchers) {
        this.sessions = sessions;
        this.most = watchers - FOR_ADMINS;
    }

    /**
     * Takes a place for a watch, which is to be given back.
     *
     * @param over
     *            is told when the session is over: it ends the watch
     * @return null when there is none
     */
    @Nullable
    Place take(Caller caller, Consumer<ServiceError> over) {
        if (!(caller instanceof Caller.Agent agent)) {
            return new Place(null, over);
        }
        var place = new Place(agent, over);
        synchronized (taken) {
            long own = taken.stream().filter(other -> other.isOf(agent)).count();
            return own < OF_AN_AGENT && taken.size() < most && taken.add(place) ? place : null;
        }
    }

    /** Takes a place for as long as the stream lasts; where there is none, ends the stream and answers false. */
    boolean admit(Caller caller, PushedAnswers<?> stream) {
        Place place = take(caller, stream::end);
        if (place == null) {
            stream.end(ServiceErrors.overloaded("watchers", RpcLimits.RETRY_LATER));
            return false;
        }
        stream.holds(place::close);
        return true;
    }

    /** Ends the watches whose session is over; the owner calls this on a schedule, more often than once a second. */
    void refresh() {
        Set<Place> now;
        synchronized (taken) {
            now = Set.copyOf(taken);
        }
        now.forEach(Place::endWithSession);
    }

    /** A place, taken until it is closed. */
    final class Place implements AutoCloseable {

        private final Caller.@Nullable Agent agent;
        private final Consumer<ServiceError> over;

        private Place(Caller.@Nullable Agent agent, Consumer<ServiceError> over) {
            this.agent = agent;
            this.over = over;
        }

        private boolean isOf(Caller.Agent caller) {
            return agent != null && agent.identity().equals(caller.identity());
        }

        private void endWithSession() {
            SessionState state = agent == null ? SessionState.ACTIVE : sessions.apply(agent);
            if (state != SessionState.ACTIVE) {
                over.accept(ServiceErrors.sessionOver(state));
                close();
            }
        }

        /** Gives it back, once however often it is closed. */
        @Override
        public void close() {
            synchronized (taken) {
                taken.remove(this);
            }
        }
    }
}

package io.agentpassport.server.rpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code grpc.health.v1} answers, for the service as a whole (the empty name) and for each of its services: SERVING
 * only while every part serves.
 */
public final class Health {

    private final HealthStatusManager manager = new HealthStatusManager();
    private final List<String> names = new ArrayList<>();

    /** Not serving until told otherwise. */
    Health(List<String> serviceNames) {
        names.add(HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
        names.addAll(serviceNames);
        serving(false);
    }

    /** Says whether it serves; after {@link #stop} nothing changes it any more. */
    public void serving(boolean serving) {
        names.forEach(name -> manager.setStatus(name, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
    }

    /** Not serving, for good. */
    void stop() {
        manager.enterTerminalState();
    }

    BindableService service() {
        return manager.getHealthService();
    }
}

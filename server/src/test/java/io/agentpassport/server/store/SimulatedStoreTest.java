package io.agentpassport.server.store;

/** The simulated store keeps the contract while no fault is chosen, so what a simulation finds holds for the real one. */
class SimulatedStoreTest extends PartitionStoreContract {

    @Override
    PartitionStore open() {
        return new SimulatedStore();
    }
}

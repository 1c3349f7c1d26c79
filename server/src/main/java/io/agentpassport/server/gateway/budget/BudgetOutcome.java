package io.agentpassport.server.gateway.budget;

/** What came of changing a session. */
public sealed interface BudgetOutcome {

    /** Done; also when the same request was done before. */
    record Done(BudgetSnapshot session) implements BudgetOutcome {}

    /** Nothing changed. */
    record Refused(BudgetRefusal reason) implements BudgetOutcome {}
}

package io.agentpassport.server.rpc;

import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantAuthor;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantRevocation;
import io.agentpassport.server.gateway.grant.GrantStatus;
import io.agentpassport.server.gateway.grant.ScopePattern;
import io.agentpassport.server.gateway.grant.ToolPattern;
import io.agentpassport.wire.GrantAnswers;
import io.agentpassport.wire.GrantRequests;
import io.agentpassport.wire.GrantTerms;
import io.agentpassport.wire.PartitionName;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import java.util.ArrayList;
import java.util.List;

/** Grants between the contract's words and the gateway's. */
final class GrantWords {

    private GrantWords() {}

    /** What reading terms answers. */
    sealed interface Reading {}

    /** They can be read. */
    record Read(io.agentpassport.server.gateway.grant.GrantTerms terms) implements Reading {}

    /** One of them cannot. */
    record Unreadable(ServiceError error) implements Reading {}

    /** Reads what a request says that a grant is to give. */
    static Reading read(GrantTerms terms) {
        List<ToolPattern> tools = new ArrayList<>();
        for (String text : terms.tools()) {
            ToolPattern tool = ToolPattern.fromText(text);
            if (tool == null) {
                return new Unreadable(ServiceErrors.invalidField("terms.tools[" + tools.size() + "]",
                        "must be a tool, such as calculator/add, or the beginning of one and a *, such as calculator/*; "
                                + "a * alone is none"));
            }
            tools.add(tool);
        }
        List<ScopePattern> scopes = new ArrayList<>();
        for (String text : terms.scopes()) {
            ScopePattern scope = ScopePattern.fromText(text);
            if (scope == null) {
                return new Unreadable(ServiceErrors.invalidField("terms.scopes[" + scopes.size() + "]",
                        "must be a scope, such as files:read or files:*; a * alone is none"));
            }
            scopes.add(scope);
        }
        return new Read(new io.agentpassport.server.gateway.grant.GrantTerms(tools, scopes, terms.policyId(),
                terms.limits(), terms.budget(), terms.expiresAt(), terms.delegationDepth(),
                terms.settlesBelowReserve()));
    }

    static GrantAnswers.Grant encode(GrantStatus status) {
        Grant grant = status.grant();
        io.agentpassport.server.gateway.grant.GrantTerms terms = grant.terms();
        GrantRevocation revocation = status.revocation();
        BudgetSessionId charges = grant.charges();
        GrantAuthor author = GrantAuthor.fromText(grant.createdBy());
        return new GrantAnswers.Grant(grant.id().text(), new PartitionName(grant.id().partition().toString()),
                new GrantTerms(grant.subject(), terms.tools().stream().map(ToolPattern::text).toList(),
                        terms.scopes().stream().map(ScopePattern::scope).toList(), terms.policy(), terms.limits(),
                        terms.budget(), terms.expiresAt(), terms.delegationDepth(), terms.settlesBelow()),
                grant.above().stream().map(GrantId::text).toList(), charges == null ? null : charges.text(),
                GrantRequests.State.valueOf(status.state().name()), grant.createdAt(), author.shown(), author.isAgent(),
                revocation == null ? null : new GrantAnswers.Revoked(revocation.at(), revocation.reason()));
    }
}

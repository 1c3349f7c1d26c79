package io.agentpassport.client;

import io.agentpassport.proto.v1.ApprovalServiceGrpc;
import io.agentpassport.proto.v1.ApprovalState;
import io.agentpassport.proto.v1.GetApprovalRequest;
import io.agentpassport.proto.v1.ListApprovalsRequest;
import io.agentpassport.proto.v1.ListApprovalsResponse;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import org.jspecify.annotations.Nullable;

/** What agents and admins alike ask about approvals. */
record ApprovalCalls(Asking asking) {

    Page<ApprovalRecord> list(@Nullable String binding, @Nullable String state, int pageSize,
            @Nullable String pageToken) {
        ListApprovalsRequest request = ListApprovalsRequest.newBuilder()
                .setBinding(binding == null ? "" : binding)
                .setState(WireValues.ofWord(ApprovalState.class, "APPROVAL_STATE_", state))
                .setPageSize(pageSize)
                .setPageToken(pageToken == null ? "" : pageToken)
                .build();
        ListApprovalsResponse page = asking.ask(ApprovalServiceGrpc.getListApprovalsMethod(), request);
        return new Page<>(page.getApprovalsList().stream().map(ApprovalRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    ApprovalRecord get(String id) {
        return ApprovalRecord.of(asking.ask(ApprovalServiceGrpc.getGetApprovalMethod(),
                GetApprovalRequest.newBuilder().setApprovalId(id).build()).getApproval());
    }

    Watch<ApprovalRecord> watch(@Nullable String id) {
        return Watch.of(asking, ApprovalServiceGrpc.getWatchApprovalsMethod(),
                last -> WatchApprovalsRequest.newBuilder()
                        .setApprovalId(id == null ? "" : id)
                        .setCursor(last == null ? "" : last.getCursor())
                        .build(),
                told -> ApprovalRecord.of(told.getApproval()));
    }
}

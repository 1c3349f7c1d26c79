package io.agentpassport.server.crash;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.server.upstream.ToolOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What stands around the disk and the tools of a service that is to end at a point, and counts what runs. */
record CrashEdges(CrashPlan plan, RunFile runs) {

    PartitionStore aboveTheAnchors(PartitionStore store) {
        return new ForwardingStore(store) {
            @Override
            public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
                plan.reached(CrashPoint.BEFORE_A_COMMIT);
                CommitResult result = super.commit(partition, guard, head, writes);
                plan.reached(CrashPoint.BEFORE_ITS_ANSWER);
                return result;
            }
        };
    }

    PartitionStore belowTheAnchors(PartitionStore store) {
        return new ForwardingStore(store) {
            @Override
            public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
                CommitResult result = super.commit(partition, guard, head, writes);
                plan.reached(CrashPoint.BEFORE_ITS_ANCHOR);
                return result;
            }
        };
    }

    /** Each run of a tool leaves a line behind, whatever becomes of the process. */
    Tools counted(Tools tools) {
        return new Tools() {
            @Override
            public @Nullable Tool find(ToolName name) {
                return tools.find(name);
            }

            @Override
            public List<Tool> list() {
                return tools.list();
            }

            @Override
            public CompletableFuture<ToolOutcome> run(Tool tool, JsonObject params, CallOptions options) {
                plan.reached(CrashPoint.BEFORE_A_TOOL);
                runs.append(options.requestId());
                plan.reached(CrashPoint.WHILE_A_TOOL_RUNS);
                return tools.run(tool, params, options)
                        .whenComplete((outcome, failure) -> plan.reached(CrashPoint.AFTER_A_TOOL));
            }
        };
    }
}

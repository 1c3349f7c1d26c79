package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts a document as the newest version of a policy. One equal to the newest makes none.
 *
 * @param requestId
 *            repeated within a day with the same document it answers the same; empty to ask for no such memory
 * @param id
 *            see {@link PolicyRef#isId}
 * @param text
 *            the document, which was parsed
 * @param format
 *            how it is written
 * @param document
 *            what it says
 * @param putBy
 *            see {@link PolicyVersion}
 * @param reason
 *            see {@link PolicyVersion}
 * @param expectedVersion
 *            the version that must be the newest, 0 for any
 */
record PutPolicy(String requestId, String id, String text, PolicyFormat format, PolicyDocument document, String putBy,
        String reason, long expectedVersion) implements Command<Policies.Outcome> {

    private static final Duration REQUEST_MEMORY = Duration.ofDays(1);

    @Override
    public void prefetch(RowReader rows) {
        rows.load(PolicyRows.NEWEST, id);
        if (!requestId.isEmpty()) {
            rows.load(PolicyRows.REQUESTS, requestId);
        }
        AuditLog.prefetch(rows);
    }

    @Override
    public Policies.Outcome decide(Rows rows) {
        String digest = PolicyVersion.digest(text);
        PolicyRows.Put before = requestId.isEmpty() ? null : rows.get(PolicyRows.REQUESTS, requestId);
        if (before != null) {
            return before.ref().id().equals(id) && before.digest().equals(digest)
                    ? new Policies.InForce(version(rows, before.ref()), false)
                    : new Policies.RequestIdReused();
        }
        long newest = Objects.requireNonNullElse(rows.get(PolicyRows.NEWEST, id), 0L);
        if (expectedVersion != 0 && expectedVersion != newest) {
            return new Policies.Conflict(newest);
        }
        if (newest > 0) {
            PolicyVersion standing = version(rows, new PolicyRef(id, newest));
            if (standing.text().equals(text) && standing.format() == format) {
                remember(rows, standing.ref(), digest);
                return new Policies.InForce(standing, false);
            }
        }
        var version = new PolicyVersion(new PolicyRef(id, newest + 1), text, format, rows.now(), putBy, reason,
                document);
        rows.put(PolicyRows.VERSIONS, version.ref(), version);
        rows.put(PolicyRows.NEWEST, id, version.ref().version());
        remember(rows, version.ref(), digest);
        AuditLog.append(rows, entry(version, newest == 0 ? null : new PolicyRef(id, newest)));
        return new Policies.InForce(version, true);
    }

    private static PolicyVersion version(Rows rows, PolicyRef ref) {
        return Objects.requireNonNull(rows.get(PolicyRows.VERSIONS, ref), "a version that was put is there");
    }

    private void remember(Rows rows, PolicyRef ref, String digest) {
        if (!requestId.isEmpty()) {
            rows.put(PolicyRows.REQUESTS, requestId, new PolicyRows.Put(ref, digest), rows.now().plus(REQUEST_MEMORY));
        }
    }

    private EntryDraft entry(PolicyVersion version, @Nullable PolicyRef before) {
        String replaces = before == null ? null : before.text();
        return EntryDraft.open("policy_put", JsonObject.builder()
                .put("policy", version.ref().text())
                .put("document_digest", version.digest())
                .put("by", putBy)
                .put("reason", reason)
                .put("replaces", replaces)
                .build());
    }
}

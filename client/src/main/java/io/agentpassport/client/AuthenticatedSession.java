package io.agentpassport.client;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.session.Session;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A session that both sides hold, byte for byte alike; calls under it are signed, each anew. */
public final class AuthenticatedSession {

    private static final JsonParser FILE = JsonParser.with(ClientLimits.SESSION_FILE);

    private final SessionCalls calls;
    private final AgentIdentity identity;
    private final Session session;
    private final byte[] record;

    AuthenticatedSession(PassportClient client, AgentIdentity identity, String audience, Session session,
            String partition) {
        this.calls = new SessionCalls(client, identity.key(), audience, session.id(), partition);
        this.identity = identity;
        this.session = session;
        this.record = session.canonicalBytes();
    }

    /**
     * Takes up a session that was saved, for instance before the agent was restarted. It must be one of the identity's
     * key and binding, be active by the client's clock, and be the very record that the service keeps as active: the
     * service is asked in a signed call, which also counts against the session's idle time.
     *
     * @param identity the agent's, also with a certificate that was renewed since for the same key
     * @param file as {@link #save} wrote it
     * @throws PassportException as LOCAL when the file cannot be read, is malformed, or another's; as NOT_AUTHENTICATED
     *     with {@code expired_session}, or REFUSED by the service, mostly with SESSION_OVER, when the session is over: begin
     *     a new {@link Handshake} then
     */
    public static AuthenticatedSession resume(PassportClient client, AgentIdentity identity, Path file) {
        AuthenticatedSession saved = load(client, identity, file);
        if (!saved.session.isActiveAt(client.nowMillis())) {
            throw PassportException.notAuthenticated(Failure.of(MutualAuthFailure.EXPIRED_SESSION),
                    "the session in " + file + " is over, begin another");
        }
        SessionRecord kept = saved.get();
        if (!kept.json().equals(new String(saved.record, StandardCharsets.UTF_8)) || !kept.state().equals("active")) {
            throw PassportException.protocolViolation(
                    "the service keeps another session under the id of the one in " + file);
        }
        return saved;
    }

    private static AuthenticatedSession load(PassportClient client, AgentIdentity identity, Path file) {
        if (!(FILE.parse(PrivateFiles.read(file)) instanceof JsonParser.Parsed parsed)) {
            throw malformed(file);
        }
        JsonObject json = parsed.object().object("session");
        Session session = json == null ? null : Session.fromJson(json);
        String partition = parsed.object().string("partition");
        String audience = parsed.object().string("audience");
        if (json == null || session == null || partition == null || audience == null || !session.json().equals(json)) {
            throw malformed(file);
        }
        VerifiedCertificate agent = verified(session.agentCertificate());
        VerifiedCertificate system = verified(session.systemCertificate());
        if (agent == null || system == null || !system.binding().equals(audience)) {
            throw malformed(file);
        }
        if (!agent.subjectKey().equals(identity.key().publicKey()) || !agent.binding().equals(identity.binding())) {
            throw PassportException.local("the session in " + file + " is not one of " + identity.binding()
                    + " with this key; it is of " + agent.binding());
        }
        return new AuthenticatedSession(client, identity, audience, session, partition);
    }

    private static @Nullable VerifiedCertificate verified(Certificate certificate) {
        return CertificateVerifier.DIRECT.verify(certificate) instanceof CertificateVerifier.Valid valid
                ? valid.certificate()
                : null;
    }

    private static PassportException malformed(Path file) {
        return PassportException.local(file + " is not a saved session; begin another with Handshake");
    }

    /**
     * Writes the session to a file, as JSON, for {@link #resume}. It holds no secret: to take the session up, the
     * identity's key is needed too.
     */
    public void save(Path file) {
        PrivateFiles.replace(file, Jcs.bytes(saved().build()));
    }

    /**
     * Writes the session to a file, and with it a tool call that was signed in it: it waits for an approval, or what became
     * of it is not known. {@link #resume} takes the session up, and {@link #savedRequest} the request. The file holds the
     * arguments of the call.
     */
    public void save(Path file, SignedToolRequest request) {
        PrivateFiles.replace(file, Jcs.bytes(saved().put("request", request.json()).build()));
    }

    private JsonObject.Builder saved() {
        return JsonObject.builder()
                .put("session", session.json())
                .put("partition", partition())
                .put("audience", calls.audience());
    }

    /**
     * The tool call that was saved with this session: the very same bytes, which run once at most.
     *
     * @throws PassportException as LOCAL when the file holds none that this agent signed in this session
     */
    public SignedToolRequest savedRequest(Path file) {
        SignedToolRequest request = FILE.parse(PrivateFiles.read(file)) instanceof JsonParser.Parsed parsed
                ? SignedToolRequest.fromJson(parsed.object().object("request"), session.id(), identity)
                : null;
        if (request == null) {
            throw PassportException.local(file + " holds no tool call that this agent signed in this session");
        }
        return request;
    }

    /** The record, derived here. */
    public Session session() {
        return session;
    }

    /** A copy of the record's canonical bytes, which the service holds too. */
    public byte[] record() {
        return record.clone();
    }

    /** {@code sha256:HEX}; public, and never a credential. */
    public String id() {
        return session.id().text();
    }

    /** The partition that keeps it at the service, 4 hex digits. */
    public String partition() {
        return calls.partition();
    }

    /** Who holds it. */
    public AgentIdentity identity() {
        return identity;
    }

    /** The tools behind the service's gateway, to be called in this session. */
    public ToolGateway tools() {
        return new ToolGateway(calls, identity, new ToolAnswers(null));
    }

    /** The agent's own grants, which it can pass on, narrowed. */
    public Grants grants() {
        return new Grants(calls);
    }

    /** The calls of this agent that wait for persons. */
    public OwnApprovals approvals() {
        return new OwnApprovals(calls);
    }

    /** Money that calls of this agent may spend. */
    public BudgetSessions budgetSessions() {
        return new BudgetSessions(calls);
    }

    /**
     * The entries about this agent in the log of a partition, believed as far as that key proves them.
     *
     * @param partition 4 digits of lower-case hex
     */
    public AuditLog auditLog(LogKey key, String partition) {
        return new AuditLog(calls, key, partition, false);
    }

    /** How the service sees the session now. */
    public SessionRecord get() {
        return calls.get();
    }

    /**
     * A page of the sessions of this identity, newest first.
     *
     * @param pageToken of the page before; null begins
     */
    public Page<SessionRecord> list(@Nullable String pageToken) {
        return calls.list(pageToken);
    }

    /**
     * Ends the session: the last call in it.
     *
     * @param reason for people who read the log, at most 256 characters; may be empty
     * @throws PassportException with SESSION_OVER when it is over already, also when it was this call whose answer was
     *     lost and that was repeated
     */
    public SessionRecord end(String reason) {
        return calls.end(reason);
    }

    /** Names the session only. */
    @Override
    public String toString() {
        return "AuthenticatedSession[" + id() + "]";
    }
}

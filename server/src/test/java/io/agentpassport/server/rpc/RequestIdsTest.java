package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.server.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a caller can quote, and what the log says of it. */
class RequestIdsTest {

    private final Logger calls = (Logger) LoggerFactory.getLogger("io.agentpassport.calls");
    private final Logger admin = (Logger) LoggerFactory.getLogger("io.agentpassport.admin");
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event);
        }
    };

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        appender.start();
        calls.setLevel(Level.DEBUG);
        admin.setLevel(Level.INFO);
        calls.addAppender(appender);
        admin.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        calls.detachAppender(appender);
        admin.detachAppender(appender);
        calls.setLevel(null);
        admin.setLevel(null);
    }

    @Test
    void aFailedCallCanBeQuotedAndFoundInTheLog() {
        try (TestServer service = TestServer.start(folder)) {
            PassportClient nobody = service.anyone();

            PassportException first = refused(nobody);
            PassportException second = refused(nobody);

            assertThat(first.requestId()).matches("[0-9a-f]{16}").isNotEqualTo(second.requestId());
            assertThat(lines).extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.startsWith("call " + first.requestId()))
                    .hasSize(1)
                    .allMatch(line -> line.contains("UNAUTHENTICATED"));
        }
    }

    @Test
    void whatAnAdminChangesIsALineAndWhatItLooksAtIsNone() {
        try (TestServer service = TestServer.start(folder)) {
            PassportClient ann = service.admin();
            ann.upstreams().list(null);
            assertThat(acts()).isEmpty();

            PassportException refused = catchThrowableOfType(PassportException.class,
                    () -> ann.upstreams().accept("builtin", "no-such-tool", "sha256:" + "0".repeat(64)));

            assertThat(acts()).containsExactly("admin act [request=\"" + refused.requestId()
                    + "\", admin=\"admin\", method=\"agentpassport.v1.UpstreamService/AcceptTool\", code=\"NOT_FOUND\"]");
        }
    }

    @Test
    void everyMethodThatChangesSomethingIsAnAct() {
        List<String> looks = Access.methods()
                .stream()
                .map(name -> name.substring(name.indexOf('/') + 1))
                .filter(name -> AdminAct.LOOKS.matcher(name).matches())
                .toList();

        assertThat(Access.methods()).extracting(name -> name.substring(name.indexOf('/') + 1))
                .filteredOn(name -> !looks.contains(name))
                .contains("IssueCertificate", "RevokeCertificate", "CreateJoinToken", "PutPolicy", "CreateGrant",
                        "Approve",
                        "Deny", "EndSession", "AddPublisher", "RevokeAnchor", "AcceptTool", "AddBudget");
        assertThat(looks).allMatch(name -> name.matches(
                "(Get|List|Watch)\\w+|ExplainToolCall|SimulatePolicy|DiffPolicies|ValidatePolicy|PreviewToolCall"
                        + "|VerifyTrustBundle|VerifyAttest|DeriveSession"));
    }

    private List<String> acts() {
        return lines.stream()
                .filter(line -> line.getLoggerName().equals(admin.getName()))
                .map(line -> line.getFormattedMessage() + " "
                        + Objects.requireNonNull(line.getKeyValuePairs()).stream().map(Object::toString).toList())
                .collect(Collectors.toList());
    }

    private static PassportException refused(PassportClient client) {
        return catchThrowableOfType(PassportException.class, () -> client.upstreams().list(null));
    }
}

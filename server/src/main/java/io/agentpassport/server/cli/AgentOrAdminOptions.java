package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.Grants;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.PassportClient;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which server to talk to, and as whom: an agent when its files are named, otherwise an admin. */
final class AgentOrAdminOptions {

    @Option(names = "--key", paramLabel = "FILE", description = "As an agent: its private key.")
    @Nullable
    Path agentKey;

    @Option(names = "--identity", paramLabel = "FILE", description = "As an agent: its certificate, as issue wrote it.")
    @Nullable
    Path agentIdentity;

    @Mixin
    AdminOptions service = new AdminOptions();

    /** What is done with grants, and with the tools that the caller knows. */
    interface Use<T> {
        T with(Grants grants, Supplier<KnownTools> tools);
    }

    /** Does something with the grants that the caller may see; an agent's session is ended after it. */
    <T> T withGrants(CliContext context, Function<Grants, T> use) {
        return withGrantsAndTools(context, (grants, tools) -> use.apply(grants));
    }

    /** The same, for what also looks at the tools there are. */
    <T> T withGrantsAndTools(CliContext context, Use<T> use) {
        if (agentKey == null && agentIdentity == null) {
            try (PassportClient client = service.openAsAdmin(context)) {
                return use.with(client.grants(), () -> KnownTools.ofService(client));
            }
        }
        if (agentKey == null || agentIdentity == null) {
            throw CommandFailure.unusable("an agent is named by two files: --key FILE and --identity FILE");
        }
        AgentIdentity agent = AgentIdentity.load(agentKey, agentIdentity);
        try (PassportClient client = service.open(context)) {
            AuthenticatedSession session = Handshake.with(client, agent).run();
            try {
                return use.with(session.grants(), () -> KnownTools.ofAgent(session));
            } finally {
                session.end("the command is done");
            }
        }
    }
}

package io.agentpassport.server.cli;

import io.agentpassport.client.AnchorRecord;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PublisherRecord;
import io.agentpassport.client.ServiceIntroduction;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.trust.TrustBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trust bundles: get, verify, import; and the publishers and anchors behind them. */
@Command(name = "bundle", mixinStandardHelpOptions = true,
        description = "Get, verify and import trust bundles; see and change whom the service believes.",
        footer = {"  ${COMMAND-FULL-NAME} get --out bundle.json",
            "  ${COMMAND-FULL-NAME} verify bundle.json --publisher 6a06…",
            "  ${COMMAND-FULL-NAME} add-publisher 6a06… --domain partner.example",
            "  ${COMMAND-FULL-NAME} import theirs.json"})
final class BundleCommand {

    private static final JsonParser BUNDLE = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private final CliContext context;

    BundleCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "Print the service's own bundle in force.",
            footer = "  ${COMMAND-FULL-NAME} --out bundle.json")
    int get(@Mixin ServerOptions from, @Mixin JsonOption to,
            @Option(names = "--out", paramLabel = "FILE", description = "Write it there instead.") @Nullable Path out)
            throws IOException {
        try (PassportClient client = from.open(context)) {
            ServiceIntroduction service = client.trust().introduce();
            if (out == null) {
                to.print(context, parsed(service.bundleJson(), "the bundle"),
                        new String(service.bundleJson(), StandardCharsets.UTF_8));
                return 0;
            }
            Files.write(out, service.bundleJson());
            JsonObject document = JsonObject.builder()
                    .put("file", out.toString())
                    .put("audience", service.audience())
                    .put("issuer_domain", service.issuerDomain())
                    .put("publisher_pubkey_hex", service.publisher().hex())
                    .build();
            to.print(context, document, "bundle     " + out, "audience   " + service.audience(),
                    "domain     " + service.issuerDomain(), "publisher  " + service.publisher().hex());
            return 0;
        }
    }

    @Command(name = "verify", mixinStandardHelpOptions = true,
            description = "Say whether a bundle is to be believed, and if not, why.",
            footer = "  ${COMMAND-FULL-NAME} bundle.json --publisher 6a06…")
    int verify(@Mixin JsonOption to,
            @Parameters(paramLabel = "FILE", description = "The bundle; - for standard input.") Path file,
            @Option(names = "--publisher", required = true, paramLabel = "HEX",
                    description = "A publisher key to trust; may be repeated.") List<String> publishers,
            @Option(names = "--now", paramLabel = "MS",
                    description = "The instant to judge at, in unix milliseconds. Default: now.") @Nullable Long now) {
        var bundle = new TrustBundle(parsed(Documents.bytes(context, file), Documents.name(file)));
        publishers.forEach(BundleCommand::key); // one that is no key would just never match
        TrustBundle.Verdict verdict = bundle.verify(publishers,
                now == null ? (double) context.clock().millis() : now.doubleValue());
        boolean believed = verdict instanceof TrustBundle.Valid;
        JsonObject.Builder document = JsonObject.builder().put("ok", JsonBoolean.of(believed));
        String line = "ok";
        if (verdict instanceof TrustBundle.Invalid invalid) {
            document.put("reason", invalid.text());
            line = "refused: " + invalid.text();
        }
        to.print(context, document.build(), line);
        return believed ? 0 : 1;
    }

    @Command(name = "import", mixinStandardHelpOptions = true,
            description = "As an admin, take in a newer bundle of a publisher that was added.",
            footer = "  ${COMMAND-FULL-NAME} theirs.json")
    int importBundle(@Mixin AdminOptions into, @Mixin JsonOption to,
            @Parameters(paramLabel = "FILE", description = "The bundle; - for standard input.") Path file) {
        byte[] bundle = Documents.bytes(context, file);
        var unused = parsed(bundle, Documents.name(file));
        try (PassportClient client = into.openAsAdmin(context)) {
            boolean changed = client.trust().importBundle(bundle);
            to.print(context, JsonObject.builder().put("imported", JsonBoolean.of(changed)).build(),
                    changed ? "imported; in force now" : "unchanged; these very bytes were in force already");
            return 0;
        }
    }

    @Command(name = "add-publisher", mixinStandardHelpOptions = true,
            description = "As an admin, begin to believe a publisher, for one issuer domain.",
            footer = "  ${COMMAND-FULL-NAME} 6a06… --domain partner.example --allow 'mcp://*'")
    int addPublisher(@Mixin AdminOptions into, @Mixin JsonOption to,
            @Parameters(paramLabel = "HEX", description = "The publisher's key, 64 hex digits.") String publisher,
            @Option(names = "--domain", required = true, paramLabel = "TEXT",
                    description = "The domain that its anchors issue for.") String domain,
            @Option(names = "--allow", paramLabel = "PATTERN",
                    description = "A binding its anchors may certify, exact or ending in *; may be repeated. Default: "
                            + "any.") @Nullable List<String> allowed) {
        try (PassportClient client = into.openAsAdmin(context)) {
            PublisherRecord added = client.trust()
                    .addPublisher(key(publisher), domain, allowed == null ? List.of() : allowed);
            to.print(context, json(added), "added  " + added.keyHex() + " for " + added.issuerDomain()
                    + "; its anchors count once a bundle is imported");
            return 0;
        }
    }

    @Command(name = "remove-publisher", mixinStandardHelpOptions = true,
            description = "As an admin, stop believing a publisher.",
            footer = "  ${COMMAND-FULL-NAME} 6a06…")
    int removePublisher(@Mixin AdminOptions from, @Mixin JsonOption to,
            @Parameters(paramLabel = "HEX", description = "The publisher's key, 64 hex digits.") String publisher) {
        try (PassportClient client = from.openAsAdmin(context)) {
            PublisherRecord removed = client.trust().removePublisher(key(publisher));
            to.print(context, json(removed), "removed  " + removed.keyHex() + " of " + removed.issuerDomain());
            return 0;
        }
    }

    @Command(name = "publishers", mixinStandardHelpOptions = true,
            description = "As an admin, list the publishers that the service believes.",
            footer = "  ${COMMAND-FULL-NAME}")
    int publishers(@Mixin AdminOptions from, @Mixin JsonOption to) {
        try (PassportClient client = from.openAsAdmin(context)) {
            var table = new Table("PUBLISHER", "ISSUES FOR", "ANCHORS", "WHOSE");
            var documents = new ArrayList<JsonValue>();
            for (String token = ""; token != null;) {
                Page<PublisherRecord> page = client.trust().listPublishers(token.isEmpty() ? null : token);
                for (PublisherRecord publisher : page.items()) {
                    table.row(publisher.keyHex(), Visible.text(publisher.issuerDomain()),
                            String.valueOf(publisher.anchorCount()), publisher.own() ? "this service" : "another");
                    documents.add(json(publisher));
                }
                token = page.nextToken();
            }
            to.print(context, JsonObject.builder().put("publishers", new JsonArray(documents)).build(),
                    table.linesOrNone().toArray(new String[0]));
            return 0;
        }
    }

    @Command(name = "anchors", mixinStandardHelpOptions = true,
            description = "As an admin, list the anchors of all bundles in force.",
            footer = "  ${COMMAND-FULL-NAME}")
    int anchors(@Mixin AdminOptions from, @Mixin JsonOption to) {
        try (PassportClient client = from.openAsAdmin(context)) {
            var table = new Table("STATE", "ISSUES FOR", "ANCHOR", "KEY");
            var documents = new ArrayList<JsonValue>();
            for (String token = ""; token != null;) {
                Page<AnchorRecord> page = client.trust().listAnchors(token.isEmpty() ? null : token);
                for (AnchorRecord anchor : page.items()) {
                    table.row(anchor.state(), Visible.text(anchor.issuerDomain()), Visible.text(anchor.anchorId()),
                            anchor.keyHex());
                    documents.add(json(anchor));
                }
                token = page.nextToken();
            }
            to.print(context, JsonObject.builder().put("anchors", new JsonArray(documents)).build(),
                    table.linesOrNone().toArray(new String[0]));
            return 0;
        }
    }

    @Command(name = "revoke-anchor", mixinStandardHelpOptions = true,
            description = "As an admin, revoke one of the service's own anchors and all it "
                    + "issued. There is no way back.",
            footer = "  ${COMMAND-FULL-NAME} anchor-1 --reason 'key lost'")
    int revokeAnchor(@Mixin AdminOptions at, @Mixin JsonOption to,
            @Parameters(paramLabel = "ANCHOR_ID", description = "As bundle anchors lists it.") String anchorId,
            @Option(names = "--reason", required = true, paramLabel = "TEXT",
                    description = "Why, for people who read the log, 1 to 256 characters.") String reason) {
        try (PassportClient client = at.openAsAdmin(context)) {
            AnchorRecord revoked = client.trust().revokeAnchor(anchorId, reason);
            to.print(context, json(revoked), "revoked  " + revoked.anchorId());
            return 0;
        }
    }

    private static JsonObject parsed(byte[] bundle, String what) {
        return Documents.parsed(BUNDLE, bundle, what).object();
    }

    private static PublicKey key(String hex) {
        PublicKey key = PublicKey.fromHex(hex);
        if (key == null) {
            throw CommandFailure.unusable("a publisher key is 64 lower-case hex digits, not " + hex);
        }
        return key;
    }

    private static JsonObject json(PublisherRecord publisher) {
        return JsonObject.builder()
                .put("publisher_pubkey_hex", publisher.keyHex())
                .put("issuer_domain", publisher.issuerDomain())
                .put("allowed_binding_constraints", publisher.bindingConstraints())
                .put("own", JsonBoolean.of(publisher.own()))
                .put("bundle_id", publisher.bundleId())
                .put("anchor_count", new JsonNumber(publisher.anchorCount()))
                .build();
    }

    private static JsonObject json(AnchorRecord anchor) {
        return JsonObject.builder()
                .put("anchor_id", anchor.anchorId())
                .put("display_name", anchor.displayName())
                .put("pubkey_hex", anchor.keyHex())
                .put("issuer_domain", anchor.issuerDomain())
                .put("publisher_pubkey_hex", anchor.publisherKeyHex())
                .put("state", anchor.state())
                .build();
    }
}

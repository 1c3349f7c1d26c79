package io.agentpassport.server.audit;

import static io.agentpassport.server.TestService.get;
import static io.agentpassport.server.TestService.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.UnsignedTrustBundle;
import io.agentpassport.server.TestService;
import io.agentpassport.server.issuance.CreateJoinToken;
import io.agentpassport.server.issuance.IssueRequest.Token;
import io.agentpassport.server.issuance.IssuedCertificate;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.AddPublisher;
import io.agentpassport.server.trust.ImportBundle;
import io.agentpassport.server.trust.RemovePublisher;
import io.agentpassport.server.trust.RevokeAnchor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each administrative act is an entry of the log, in the partition in which it happens. */
class AdministrativeEntriesTest {

    private final Signer publisher = signer(900);

    @AutoClose
    private TestService service;

    @BeforeEach
    void open(@TempDir Path folder) {
        service = TestService.open(folder);
    }

    @Test
    void issuingIsInTheLogOfItsIdentity() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        Signer key = signer(1);
        service.issue(service.proof(key, "agent:a", token.tokenId()), key, new Token(token.token()));

        List<JsonObject> entries = entries(token.partition());
        assertThat(entries).extracting(entry -> entry.string("kind"))
                .containsExactly("join_token_created", "certificate_issued");
        assertThat(entries).allSatisfy(entry -> assertThat(entry.string(EntryDraft.AGENT_ID)).isEqualTo("agent:a"));
        assertThat(entries.get(1).string("by")).isEqualTo("join_token " + token.tokenId());
        assertThat(text(entries)).doesNotContain(token.token().substring(token.token().indexOf('.') + 1));
    }

    @Test
    void aTokenThatIsTriedTooOftenIsInTheLogWhenItIsBurnt() {
        CreateJoinToken.Created token = service.token("r1", "agent:a");
        Signer key = signer(1);
        String wrong = service.token("r2", "agent:a").token().split("\\.", 2)[1];
        for (int i = 0; i < 5; i++) {
            service.issue(service.proof(key, "agent:a", token.tokenId()), key,
                    new Token(token.tokenId() + "." + wrong));
        }

        assertThat(entries(token.partition())).extracting(entry -> entry.string("kind"))
                .containsExactly("join_token_created", "join_token_created", "join_token_burnt");
    }

    @Test
    void whatIsGlobalIsInTheLogOfTheService() {
        IssuedCertificate issued = service.certificate(signer(1), "agent:a");
        get(service.issuance.revoke(issued.id(), issued.partition(), "key lost"));
        get(service.trust.addPublisher(new AddPublisher(publisher.publicKey(), "acme.example", List.of())));
        assertThat(get(service.trust.importBundle(bundle(signer(901).publicKey()))))
                .isInstanceOf(ImportBundle.Imported.class);
        get(service.trust.removePublisher(new RemovePublisher("r1", publisher.publicKey())));
        get(service.trust.revokeAnchor(new RevokeAnchor(service.trust.own().anchorId(), "key lost")));

        List<JsonObject> entries = entries(PartitionId.SERVICE).stream()
                .filter(entry -> !"certificate_issued".equals(entry.string("kind")))
                .toList();
        assertThat(entries).extracting(entry -> entry.string("kind"))
                .containsExactly("publisher_added", "anchor_added", "certificate_revoked", "publisher_added",
                        "bundle_imported", "publisher_removed", "anchor_revoked");
        assertThat(entries.get(2).string("certificate_id")).isEqualTo(issued.id().text());
        assertThat(entries.get(2).string("reason")).isEqualTo("key lost");
    }

    @Test
    void whatIsRefusedOrChangesNothingIsNoEntry() {
        get(service.trust.addPublisher(new AddPublisher(publisher.publicKey(), "acme.example", List.of())));
        int before = entries(PartitionId.SERVICE).size();
        get(service.trust.addPublisher(new AddPublisher(publisher.publicKey(), "acme.example", List.of())));
        get(service.trust.addPublisher(new AddPublisher(signer(903).publicKey(), "acme.example", List.of())));
        get(service.trust.removePublisher(new RemovePublisher("r1", signer(904).publicKey())));

        assertThat(entries(PartitionId.SERVICE)).hasSize(before);
    }

    @Test
    void theLogKeyIsInOurBundleAndNobodysAnchor() {
        PublicKey logKey = service.keys.log().publicKey();
        var own = Objects.requireNonNull(
                service.trust.current().bundleOf(service.trust.own().publisherKey()));
        assertThat(own.bundle().json().strings("log_keys")).containsExactly(logKey.hex());
        get(service.trust.addPublisher(new AddPublisher(publisher.publicKey(), "acme.example", List.of())));

        assertThat(get(service.trust.importBundle(bundle(logKey)))).isInstanceOf(ImportBundle.AnchorConflict.class);
    }

    private byte[] bundle(PublicKey anchor) {
        double now = (double) service.clock.instant().toEpochMilli();
        JsonObject listed = new TrustAnchor("theirs", "acme.example", Role.TRUST_ANCHOR, anchor, now, now + 1_000_000,
                List.of()).json();
        return Jcs.bytes(SignedDocument.signOwn(new UnsignedTrustBundle("b1", now, List.of(listed), now + 1_000_000,
                null, null, publisher.publicKey()).json(), publisher));
    }

    private List<JsonObject> entries(PartitionId partition) {
        var entries = new ArrayList<JsonObject>();
        LogDatabase.over(service.store)
                .entries(partition, null, (entry, closed) -> entries.add(entry.json()));
        return entries;
    }

    private static String text(List<JsonObject> entries) {
        return new String(Jcs.bytes(new JsonArray(List.copyOf(entries))), StandardCharsets.UTF_8);
    }
}

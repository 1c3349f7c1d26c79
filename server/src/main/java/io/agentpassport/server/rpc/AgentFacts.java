package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.issuance.CertificateList;
import io.agentpassport.server.issuance.CertificateStatus;
import io.agentpassport.server.issuance.Enrolment;
import io.agentpassport.server.issuance.Issuance;
import io.agentpassport.server.issuance.Principals;
import io.agentpassport.server.partition.ListPage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a policy may know of an agent that is asked about and does not call: as its newest live certificate says. */
record AgentFacts(Issuance issuance, Principals principals) {

    /** The facts, without grade and capabilities when no live certificate of it was issued here. Reads the store. */
    JsonObject of(Identity agent) {
        JsonObject.Builder facts = JsonObject.builder()
                .put("binding", agent.binding())
                .put("issuer_domain", agent.issuerDomain())
                .put("principal", principals.load(agent));
        Enrolment enrolment = enrolment(agent);
        if (enrolment != null) {
            AttestationGrade grade = enrolment.grade();
            List<String> capabilities = enrolment.capabilities();
            facts.put("grade", grade == null ? JsonNull.NULL : new JsonNumber(grade.value()))
                    .put("capabilities", JsonArray.ofStrings(capabilities == null ? List.of() : capabilities));
        }
        return facts.build();
    }

    private @Nullable Enrolment enrolment(Identity agent) {
        var filter = new CertificateList.Filter(agent.binding(), Role.AGENT, CertificateState.ACTIVE);
        ListPage<CertificateStatus> page = issuance.list(filter, 1, "");
        return page == null
                ? null
                : page.rows()
                        .stream()
                        .filter(status -> status.certificate().identity().equals(agent))
                        .map(status -> status.certificate().enrolment())
                        .findFirst()
                        .orElse(null);
    }
}

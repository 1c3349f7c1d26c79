package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.agentpassport.proto.v1.AddBudgetRequest;
import io.agentpassport.proto.v1.CreateBudgetSessionRequest;
import io.agentpassport.proto.v1.EndBudgetSessionRequest;
import io.agentpassport.proto.v1.ExtendBudgetSessionRequest;
import io.agentpassport.proto.v1.GetBudgetSessionRequest;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.ListBudgetSessionsRequest;
import io.agentpassport.proto.v1.ListLedgerRequest;
import io.agentpassport.proto.v1.Money;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BudgetRequestsTest {

    private static final String ID = "sess_" + "0001" + "a".repeat(20);

    private static CreateBudgetSessionRequest.Builder creation() {
        return CreateBudgetSessionRequest.newBuilder()
                .setRequestId("r")
                .setOwner(Identity.newBuilder().setIssuerDomain("d").setBinding("b"));
    }

    @Test
    void beginsWith10DollarsWhenNobodySays() {
        BudgetRequests.Creation decoded = Expect.valid(BudgetRequests.decode(creation().build()));
        assertThat(decoded.budget()).hasToString("10 USD");
        assertThat(decoded.life()).isNull();
        assertThat(decoded.parentId()).isNull();
    }

    @Test
    void takesALifeOf1SecondTo366Days() {
        for (long seconds : new long[]{1, 366 * 86_400L}) {
            Expect.valid(BudgetRequests.decode(creation().setLife(Duration.newBuilder().setSeconds(seconds)).build()));
        }
        for (long seconds : new long[]{0, -1, 366 * 86_400L + 1}) {
            Expect.invalidField(BudgetRequests.decode(creation()
                    .setLife(Duration.newBuilder().setSeconds(seconds))
                    .build()), "life");
        }
    }

    @Test
    void refusesWhatIsMissingOrBeyondItsLimit() {
        assertThat(Expect.valid(BudgetRequests.decode(creation().clearOwner().build())).owner()).isNull();
        Expect.invalidField(BudgetRequests.decode(creation().setOwner(Identity.getDefaultInstance()).build()),
                "owner.issuer_domain");
        Expect.invalidField(BudgetRequests.decode(creation().setBudget(money("0")).build()), "budget.amount");
        Expect.invalidField(BudgetRequests.decode(creation().setParentBudgetSessionId("sess_").build()),
                "parent_budget_session_id");
        Expect.invalidField(BudgetRequests.decode(GetBudgetSessionRequest.getDefaultInstance()),
                "budget_session_id");
        Expect.invalidField(BudgetRequests.decode(ExtendBudgetSessionRequest.newBuilder()
                .setRequestId("r")
                .setBudgetSessionId(ID)
                .build()), "expires_at");
        Expect.invalidField(BudgetRequests.decode(AddBudgetRequest.newBuilder()
                .setRequestId("r")
                .setBudgetSessionId(ID)
                .build()), "amount.amount");
    }

    @Test
    void decodesChanges() {
        assertThat(Expect.valid(BudgetRequests.decode(AddBudgetRequest.newBuilder()
                .setRequestId("r")
                .setBudgetSessionId(ID)
                .setAmount(money("2.50"))
                .build())).amount()).hasToString("2.5 USD");
        assertThat(Expect.valid(BudgetRequests.decode(ExtendBudgetSessionRequest.newBuilder()
                .setRequestId("r")
                .setBudgetSessionId(ID)
                .setExpiresAt(Timestamp.newBuilder().setSeconds(9))
                .build())).expiresAt()).isEqualTo(Instant.ofEpochSecond(9));
        assertThat(Expect.valid(BudgetRequests.decode(EndBudgetSessionRequest.newBuilder()
                .setRequestId("r")
                .setBudgetSessionId(ID)
                .build())).reason()).isEmpty();
        assertThat(Expect.valid(BudgetRequests.decode(ListLedgerRequest.newBuilder()
                .setBudgetSessionId(ID)
                .setPageSize(100)
                .build())).page().size()).isEqualTo(100);
        Expect.invalidField(BudgetRequests.decode(ListLedgerRequest.newBuilder()
                .setBudgetSessionId(ID)
                .setPageSize(101)
                .build()), "page_size");
    }

    @Test
    void decodesQueries() {
        var query = ListBudgetSessionsRequest.newBuilder();
        assertThat(Expect.valid(BudgetRequests.decode(query.build())))
                .isEqualTo(new BudgetRequests.Query(null, new PageRequest(50, "")));
        query.setOwner(Identity.newBuilder().setIssuerDomain("d").setBinding("b".repeat(256)));
        assertThat(Expect.valid(BudgetRequests.decode(query.build())).owner()).isNotNull();
        query.getOwnerBuilder().setBinding("b".repeat(257));
        Expect.invalidField(BudgetRequests.decode(query.build()), "owner.binding");
    }

    private static Money money(String amount) {
        return Money.newBuilder().setAmount(amount).setCurrency("USD").build();
    }
}

package io.agentpassport.server.issuance;

import java.time.Duration;

/** What asking for a certificate answers. */
public sealed interface IssueOutcome {

    /**
     * Here it is.
     *
     * @param repeated
     *            whether it is the one that the same proof got before
     */
    record Issued(IssuedCertificate certificate, boolean repeated) implements IssueOutcome {}

    /** The proof does not hold. */
    record ProofInvalid(Check check) implements IssueOutcome {}

    /** The first check of a proof that failed; the order of the constants is the order of the checks. */
    enum Check {
        /** Of another kind, or a member is missing or of the wrong type. */
        STATEMENT,
        /** Made for another service. */
        AUDIENCE,
        /** More than 60 s away from our clock. */
        ISSUED_AT,
        /** Names another join token than the one shown, or one where none is. */
        JOIN_TOKEN_ID,
        /** Not by the key it names. */
        SIGNATURE
    }

    /** The key could stand for somebody else's. */
    record WeakKey() implements IssueOutcome {}

    /** The join token is unknown, expired, used, burnt, or its secret is wrong; which is not said. */
    record TokenInvalid() implements IssueOutcome {}

    /**
     * The join token is good, but for somebody else. It is not used up.
     *
     * @param member
     *            {@code role}, {@code binding} or {@code subject_id}
     */
    record TokenMismatch(String member) implements IssueOutcome {}

    /** The certificate cannot be renewed. */
    record RenewalRefused(Cause cause) implements IssueOutcome {}

    /** The identity asks too often. */
    record TooOften(Duration retryAfter) implements IssueOutcome {}

    /** Why a certificate cannot be renewed. */
    enum Cause {
        /** There is no such certificate, or the consent is not by its key; which is not said. */
        UNKNOWN,
        /** It was revoked, itself or with its anchor. */
        REVOKED,
        /** Its life is over. */
        EXPIRED,
        /** It is past its renew_until, or never was renewable. */
        RENEW_UNTIL,
        /** The proof names another role, subject or binding. */
        IDENTITY
    }

    /**
     * A field is beyond its limit or not allowed.
     *
     * @param field
     *            in the request, such as {@code enrolment.principal} or {@code proof.statement_json}
     * @param problem
     *            in words that say what to do
     */
    record Unacceptable(String field, String problem) implements IssueOutcome {}

    /**
     * Nothing can be issued until an operator has done something.
     *
     * @param advice
     *            what, in a sentence
     */
    record IssuerUnusable(String advice) implements IssueOutcome {}
}

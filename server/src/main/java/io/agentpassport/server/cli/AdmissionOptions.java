package io.agentpassport.server.cli;

import picocli.CommandLine.Mixin;

/** What every command takes by which an identity gets a certificate. */
final class AdmissionOptions {

    @Mixin
    SubjectOptions subject = new SubjectOptions();

    @Mixin
    EnrolmentOptions enrolment = new EnrolmentOptions();

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    /** Refuses what no service would take, before anything is made or sent. */
    void require() {
        subject.require();
        enrolment.require();
    }
}

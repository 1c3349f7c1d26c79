package io.agentpassport.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What keeps {@code core} pure, held here so that the module is guarded when it is built alone. */
class ArchitectureTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.agentpassport.core");

    private static final Set<String> AMBIENT = Set.of("java.lang.System.currentTimeMillis", "java.lang.System.nanoTime",
            "java.lang.Math.random", "java.time.Clock.systemUTC", "java.time.Clock.systemDefaultZone",
            "java.time.InstantSource.system", "java.util.UUID.randomUUID", "java.security.SecureRandom.<init>",
            "java.security.SecureRandom.getInstanceStrong", "java.util.Random.<init>",
            "java.util.concurrent.ThreadLocalRandom.current");

    @Test
    void coreImportsOnlyTheJdkAndWhatReadsAndWritesTheProtocol() {
        classes().should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify.annotations..", "io.agentpassport.core..",
                        "com.fasterxml.jackson.core..", "org.erdtman.jcs..", "org.bouncycastle.math.ec.rfc8032..",
                        "org.bouncycastle.math.ec.rfc7748..",
                        "com.amazon.corretto.crypto.provider..")
                .because("R1: whatever embeds core gets its dependencies too, and the protocol needs no more")
                .check(CORE);
    }

    @Test
    void onlyCryptoImportsACryptographicLibrary() {
        noClasses().that()
                .resideOutsideOfPackage("io.agentpassport.core.crypto")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bouncycastle..", "com.amazon.corretto..")
                .because("R1: there is one Ed25519 rule, and one place that decides which library answers it")
                .check(CORE);
    }

    @Test
    void coreDoesNoInputOrOutput() {
        noClasses().should()
                .dependOnClassesThat(describe("open files or sockets",
                        type -> type.getFullName()
                                .matches("java\\.(nio\\.(file|channels)|net|sql|util\\.logging)\\..*"
                                        + "|java\\.io\\.(File|RandomAccess|Console).*|java\\.lang\\.Process.*")))
                .because("R1: core is values and pure functions, so that each rule is tested without a world around it")
                .check(CORE);
    }

    @Test
    void packagesOfCoreHaveNoCycle() {
        slices().matching("io.agentpassport.core.(*)..")
                .should()
                .beFreeOfCycles()
                .because("R1: a package that can be read without the ones on top of it can be understood alone")
                .check(CORE);
    }

    @Test
    void coreIsHandedItsClockAndItsRandomness() {
        noClasses().should()
                .accessTargetWhere(describe("is the clock or a source of randomness", ArchitectureTest::ambient))
                .because("R6: the same values give the same answer, today and when a recorded decision is replayed")
                .check(CORE);
    }

    private static boolean ambient(JavaAccess<?> access) {
        String target = access.getTargetOwner().getFullName() + "." + access.getTarget().getName();
        return AMBIENT.contains(target) || target.matches("java\\.time\\.[A-Za-z]+\\.now");
    }
}

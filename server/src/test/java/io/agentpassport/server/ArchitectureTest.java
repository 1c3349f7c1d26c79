package io.agentpassport.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules R2 to R7 of {@code docs/architecture.md} on all modules. R1 is held in core, R8 by {@link PackageInfoTest}. */
class ArchitectureTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.agentpassport");

    private static final String GENERATED = "io.agentpassport.proto.v1..";
    private static final String SERVER = "io.agentpassport.server";
    private static final String GRPC_ERRORS = SERVER + ".rpc.GrpcErrors";

    /** The features of the server, and which others each may import beside those that every feature may. */
    private static final Map<String, Set<String>> FEATURES = Map.of(
            "issuance", Set.of("trust"),
            "mutualauth", Set.of("trust"),
            "gateway", Set.of("trust", "policy", "mutualauth", "upstream"),
            "trust", Set.of(),
            "policy", Set.of(),
            "upstream", Set.of(),
            "audit", Set.of(),
            "partition", Set.of());
    private static final Set<String> EVERY_FEATURE_MAY = Set.of("audit", "partition", "store", "config", "clock");
    private static final Set<String> SURFACES = Set.of("rpc", "http", "cli");
    private static final Set<String> FOUNDATIONS = Set.of("store", "config", "tls", "clock", "metrics");

    /** Not {@code fromCodeValue}: with it a status that came is read. */
    private static final Set<String> STATUS_MAKERS = Set.of("fromCode", "withDescription",
            "augmentDescription", "withCause", "asException", "asRuntimeException");

    private static final Set<String> AMBIENT = Set.of("java.lang.System.currentTimeMillis", "java.lang.System.nanoTime",
            "java.lang.Math.random", "java.time.Clock.systemUTC", "java.time.Clock.systemDefaultZone",
            "java.time.InstantSource.system", "java.util.UUID.randomUUID", "java.security.SecureRandom.<init>",
            "java.security.SecureRandom.getInstanceStrong", "java.util.Random.<init>",
            "java.util.concurrent.ThreadLocalRandom.current");

    @Test
    void r2OnlyTheMappingTheClientAndTheServicesTouchGeneratedTypes() {
        noClasses().that()
                .resideOutsideOfPackages(GENERATED, "io.agentpassport.wire..", "io.agentpassport.client..",
                        SERVER + ".rpc..", SERVER + ".cli.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(GENERATED)
                .because("R2: the wire may change without the rules changing, and the rules without the wire")
                .check(ALL);
    }

    @Test
    void r3OnlyTheStoreImportsTheEngine() {
        noClasses().that()
                .resideOutsideOfPackage(SERVER + ".store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .because("R3: another engine is another store, and nothing else")
                .check(ALL);
    }

    @Test
    void r4SurfacesImportFeaturesAndFeaturesImportTheStore() {
        SURFACES.forEach(
                surface -> mayImport(surface,
                        Stream.concat(FEATURES.keySet().stream(), Stream.of("config", "tls", "clock", "metrics"))));
        FOUNDATIONS.forEach(foundation -> mayImport(foundation, Stream.of("config")));
    }

    @Test
    void r4FeaturesImportOnlyTheFeaturesTheyStandOn() {
        FEATURES.forEach((feature, others) -> mayImport(feature,
                Stream.concat(others.stream(), EVERY_FEATURE_MAY.stream())));
    }

    @Test
    void r4EveryPackageOfTheServerHasItsPlace() {
        assertThat(ALL).filteredOn(type -> inServer(type) && !type.getPackageName().equals(SERVER))
                .extracting(ArchitectureTest::part)
                .as("R4: a new package is written here with what it may import, so that the direction stays known")
                .allMatch(part -> SURFACES.contains(part) || FEATURES.containsKey(part) || FOUNDATIONS.contains(part));
    }

    @Test
    void r4bOnlyTheCommandsImportTheClientAndTheVectors() {
        noClasses().that()
                .resideOutsideOfPackages("io.agentpassport.client..", "io.agentpassport.vectors..", SERVER + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.agentpassport.client..", "io.agentpassport.vectors..")
                .because(
                        "R4b: the commands are agents and admins like any other; the service sees neither of its users")
                .check(ALL);
    }

    @Test
    void r4cOnlySurfacesImportTheWire() {
        noClasses().that()
                .resideOutsideOfPackages("io.agentpassport.wire..", "io.agentpassport.client..", SERVER + ".rpc..",
                        SERVER + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.agentpassport.wire..")
                .because("R4c: what a message may say is decided where messages are read; features know only core")
                .check(ALL);
    }

    @Test
    void r5OnlyOneClassMakesAGrpcStatus() {
        noClasses().that(describe("are not GrpcErrors", type -> !outermost(type).getName().equals(GRPC_ERRORS)))
                .and()
                .resideOutsideOfPackage(GENERATED)
                .should()
                .accessTargetWhere(describe("makes a gRPC status", ArchitectureTest::makesAStatus))
                .because("R5: a caller can handle a closed list of errors, each with its reason")
                .check(ALL);
    }

    @Test
    void r5StatusesComeFromOurOwnErrorType() {
        ArchRule rule = methods().that()
                .areDeclaredIn(GRPC_ERRORS)
                .and()
                .haveRawReturnType(describe("a status", ArchitectureTest::isAStatus))
                .should(be(DescribedPredicate.<JavaMethod>describe("made from one of our types",
                        method -> method.getRawParameterTypes()
                                .stream()
                                .anyMatch(type -> type.getPackageName().startsWith("io.agentpassport.")))))
                .because("R5: a status without our reason tells the caller nothing to act on");
        rule.allowEmptyShould(!ALL.contain(GRPC_ERRORS)).check(ALL);
    }

    @Test
    void r5NothingThrowsAStatus() {
        noCodeUnits().that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage(GENERATED)
                .should()
                .declareThrowableOfType(describe("a status exception", ArchitectureTest::isAStatus))
                .because(
                        "R5: inside the service a failure is a value; it becomes a status on its way out, in one place")
                .check(ALL);
    }

    @Test
    void r6EveryoneIsHandedTheClockAndRandomness() {
        noClasses().that(describe("are not Main or a builder of the client", type -> !mayBeAmbient(type)))
                .should()
                .accessTargetWhere(describe("is the clock or a source of randomness", ArchitectureTest::isAmbient))
                .because("R6: a test decides what time it is, and a recorded decision replays to the same answer")
                .check(ALL);
    }

    @Test
    void r7NoTypeIsNamedAfterNothing() {
        noClasses().that()
                .resideOutsideOfPackage(GENERATED)
                .should(be(describe("named Util, Helper, Manager, Impl, Common or Misc",
                        (JavaClass type) -> type.getSimpleName()
                                .matches("\\w*(Utils?|Helpers?|Managers?|Impl|Common|Misc)"))))
                .because("R7: such a name collects what has no owner; the verb belongs on the noun that owns it")
                .check(ALL);
    }

    /** That a part of the server imports of the others only those named, and nothing of the composition root. */
    private static void mayImport(String part, Stream<String> others) {
        String itself = SERVER + "." + part;
        if (!ALL.containPackage(itself)) {
            return;
        }
        Set<String> allowed = Stream.concat(others, Stream.of(part)).collect(Collectors.toSet());
        noClasses().that()
                .resideInAPackage(itself + "..")
                .should()
                .dependOnClassesThat(describe("are of the server, but not of " + allowed,
                        type -> inServer(type) && !allowed.contains(part(type)) && !forAll(part, type)))
                .because(
                        "R4: surfaces import features, features import the store, and what is below knows nothing above")
                .check(ALL);
    }

    /** The store's words for a place and for a failure, which features pass on to the surfaces. */
    private static final Set<String> WORDS_OF_THE_STORE = Set.of(SERVER + ".store.PartitionId",
            SERVER + ".store.StoreException");

    /** The limits are for all; the commands start what the composition root composes. */
    private static boolean forAll(String part, JavaClass type) {
        JavaClass outermost = outermost(type);
        return outermost.getName().equals(SERVER + ".Limits")
                || (SURFACES.contains(part) && WORDS_OF_THE_STORE.contains(outermost.getName()))
                || (part.equals("cli") && outermost.getPackageName().equals(SERVER));
    }

    private static boolean inServer(JavaClass type) {
        return type.getPackageName().equals(SERVER) || type.getPackageName().startsWith(SERVER + ".");
    }

    /** The first name below the server's package; of the composition root, none. */
    private static String part(JavaClass type) {
        return type.getPackageName().equals(SERVER)
                ? ""
                : type.getPackageName().substring(SERVER.length() + 1).split("\\.", 2)[0];
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private static boolean makesAStatus(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        return (owner.isEquivalentTo(StatusException.class) && name.equals("<init>"))
                || (owner.isEquivalentTo(StatusRuntimeException.class) && name.equals("<init>"))
                || (owner.isEquivalentTo(StatusProto.class) && name.startsWith("toStatus"))
                || (owner.isEquivalentTo(Status.class) && (isConstant(name) || STATUS_MAKERS.contains(name)));
    }

    private static boolean isConstant(String name) {
        return name.equals(name.toUpperCase(Locale.ROOT));
    }

    private static boolean isAStatus(JavaClass type) {
        return type.isAssignableTo(Status.class)
                || type.isAssignableTo(StatusException.class)
                || type.isAssignableTo(StatusRuntimeException.class);
    }

    /** Builders of the client are where an agent that gives no clock gets the system's. */
    private static boolean mayBeAmbient(JavaClass type) {
        return outermost(type).getName().equals(SERVER + ".Main")
                || (type.getPackageName().equals("io.agentpassport.client")
                        && type.getSimpleName().endsWith("Builder"));
    }

    private static boolean isAmbient(JavaAccess<?> access) {
        String target = access.getTargetOwner().getFullName() + "." + access.getTarget().getName();
        return AMBIENT.contains(target) || target.matches("java\\.time\\.[A-Za-z]+\\.now");
    }
}

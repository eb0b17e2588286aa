package dev.larder;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.larder.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may import whom. */
class ArchitectureTests {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.larder");

    /** Packages beside each other, and which of them each may see. */
    private static final Map<String, Set<String>> SIBLINGS = Map.of(
            "spring", Set.of(),
            "codec", Set.of(),
            "jackson", Set.of("codec"),
            "redis", Set.of(),
            "http", Set.of(),
            "caffeine", Set.of(),
            "metrics", Set.of("spring"),
            "actuate", Set.of("spring"));

    private static final List<String> STORES = List.of("lru", "disk", "log");

    @Test
    void bothModulesAreLookedAt() {
        assertThat(CLASSES.contain("dev.larder.store.Store")).isTrue();
        assertThat(CLASSES.contain("dev.larder.autoconfigure.StoreFactory")).isTrue();
        assertThat(CLASSES.contain("dev.larder.ArchitectureTests")).isFalse();
        assertThat(CLASSES.contain("dev.larder.store.contract.StoreContract")).isFalse();
    }

    @TestFactory
    Stream<DynamicTest> siblingsDoNotSeeEachOther() {
        return SIBLINGS.keySet().stream()
                .sorted()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String[] others = SIBLINGS.keySet().stream()
                            .filter(other ->
                                    !other.equals(name) && !SIBLINGS.get(name).contains(other))
                            .map(other -> "dev.larder." + other + "..")
                            .toArray(String[]::new);
                    check(noClasses()
                            .that()
                            .resideInAPackage("dev.larder." + name + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(others)
                            .because(
                                    "each of these packages needs other optional libraries, and only what is used should be"
                                            + " needed; what belongs together is put together in autoconfigure"));
                }));
    }

    @TestFactory
    Stream<DynamicTest> storesSeeOnlyWhatTheyImplement() {
        return STORES.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String own = "dev.larder.store." + name;
                    check(
                            noClasses()
                                    .that()
                                    .resideInAPackage(own + "..")
                                    .should()
                                    .dependOnClassesThat(larderOutside("dev.larder.store", own))
                                    .because(
                                            "a store is chosen by its interface, so that any of them can be replaced or left out"));
                }));
    }

    @Test
    void interfaceKnowsNoImplementation() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.larder.store")
                .should()
                .dependOnClassesThat(larderOutside("dev.larder.store"))
                .because("arrows run one way: from what is made of stores to the stores, and from stores to Store"));
    }

    @Test
    void toolReadsWhatStoresShow() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.larder.store.tool..")
                .should()
                .dependOnClassesThat(larderOutside(
                        "dev.larder.store", "dev.larder.store.disk", "dev.larder.store.log", "dev.larder.store.tool"))
                .because("it runs from the jar of the core alone"));
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.larder.store.tool..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.larder.store.tool..")
                .because("it looks at directories from outside, and no application needs it in order to run"));
    }

    @Test
    void nothingSeesAutoConfiguration() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.larder.autoconfigure..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.larder.autoconfigure..")
                .because("all of it must be usable without auto-configuration"));
    }

    @Test
    void coreKnowsNoFramework() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.larder.store..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "dev.larder.store..", "java..", "javax.crypto..", "org.slf4j..", "org.jspecify..")
                .because("the stores are plain Java, for use without Spring"));
    }

    @Test
    void storesAreMadeInOnePlace() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.larder.autoconfigure..")
                .and(are(notPartOf("StoreFactory")))
                .should()
                .callConstructorWhere(DescribedPredicate.describe(
                        "of a store",
                        (JavaConstructorCall call) -> call.getTargetOwner().isAssignableTo(Store.class)))
                .orShould()
                .callMethodWhere(DescribedPredicate.describe(
                        "that builds a store",
                        (JavaMethodCall call) ->
                                call.getTarget().getRawReturnType().isAssignableTo(Store.class)
                                        || isBuilderOfStore(call.getTarget().getRawReturnType())))
                .because("the order in which stores are composed is written in exactly one place"));
    }

    @TestFactory
    Stream<DynamicTest> packagesAreNullMarked() {
        return CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .map(JavaPackage::getName)
                .sorted()
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                                .isTrue()));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static boolean isBuilderOfStore(JavaClass type) {
        return type.getEnclosingClass()
                .map(owner -> owner.isAssignableTo(Store.class))
                .orElse(false);
    }

    private static DescribedPredicate<JavaClass> notPartOf(String simpleName) {
        return DescribedPredicate.describe(
                "not part of " + simpleName, type -> !type.getName().matches(".*\\." + simpleName + "(\\$.*)?"));
    }

    private static DescribedPredicate<JavaClass> larderOutside(String... packages) {
        return DescribedPredicate.describe(
                "classes of Larder outside of " + String.join(" and ", packages),
                type -> type.getPackageName().startsWith("dev.larder")
                        && !List.of(packages).contains(type.getPackageName()));
    }
}

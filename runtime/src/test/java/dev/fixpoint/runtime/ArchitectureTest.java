package dev.fixpoint.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.junit.jupiter.api.Test;

/** Who may know whom inside the runtime. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.fixpoint.runtime");

  @Test
  void theRulesSeeTheClasses() {
    assertThat(CLASSES.size()).isGreaterThan(80);
  }

  @Test
  void onlyTheVectorPackageKnowsTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.fixpoint.runtime.internal.simd.vector")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CLASSES);
  }

  @Test
  void onlyTheProviderKnowsTheImplementations() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.fixpoint.runtime.internal.simd.vector",
            "dev.fixpoint.runtime.internal.simd.scalar")
        .and()
        .doNotHaveFullyQualifiedName("dev.fixpoint.runtime.internal.simd.Int8KernelsProvider")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.fixpoint.runtime.internal.simd.vector",
            "dev.fixpoint.runtime.internal.simd.scalar")
        .check(CLASSES);
  }

  @Test
  void onlyVectorKernelsCallMachineCode() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.fixpoint.runtime.internal.simd.vector",
            "dev.fixpoint.runtime.internal.simd.machine")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.fixpoint.runtime.internal.simd.machine")
        .check(CLASSES);
    classes()
        .that()
        .resideInAPackage("dev.fixpoint.runtime.internal.simd.machine")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.fixpoint.runtime.internal.simd.machine", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void theRuntimeKnowsTheLowerLayersOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "jdk.incubator.vector..",
            "org.jspecify..",
            "dev.fixpoint.runtime..",
            "dev.fixpoint.tensor",
            "dev.fixpoint.bound",
            "dev.fixpoint.op",
            "dev.fixpoint.op.standard",
            "dev.fixpoint.op.quant",
            "dev.fixpoint.ir")
        .check(CLASSES);
  }

  @Test
  void primitivesKnowNoGraphs() {
    noClasses()
        .that()
        .resideInAPackage("dev.fixpoint.runtime.internal.simd..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.fixpoint.ir", "dev.fixpoint.runtime.internal.op")
        .check(CLASSES);
  }

  @Test
  void nothingWritesToStandardStreams() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }
}

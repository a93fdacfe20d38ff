package dev.fixpoint;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layer table of ARCHITECTURE.md as a test: who may know whom. */
class ArchitectureTest {
  private static final String ROOT = "dev.fixpoint";

  private static final List<String> CONCRETE_OPS = List.of("op.standard", "op.quant");

  /** For each package, what it may know besides itself and the JDK. */
  private static final Map<String, List<String>> LAYERS = layers();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static Map<String, List<String>> layers() {
    List<String> rewriting = List.of("tensor", "bound", "op", "ir", "analysis");
    return Map.ofEntries(
        Map.entry("tensor", List.of()),
        Map.entry("bound", List.of("tensor")),
        Map.entry("op", List.of("tensor", "bound")),
        Map.entry("op.standard", List.of("tensor", "bound", "op")),
        Map.entry("op.quant", List.of("tensor", "bound", "op", "op.standard")),
        Map.entry("ir", List.of("tensor", "bound", "op")),
        Map.entry("analysis", List.of("tensor", "bound", "op", "ir")),
        Map.entry("rewrite", plus(rewriting, "rewrite.internal")),
        Map.entry("rewrite.internal", plus(rewriting, "rewrite")),
        Map.entry("rulelang", plus(rewriting, "grammar", "rewrite", "op.standard", "op.quant")),
        Map.entry("pass", plus(rewriting, "rewrite", "rewrite.internal")),
        Map.entry("calibration", plus(rewriting, "op.standard", "op.quant", "rewrite", "pass")),
        Map.entry("report", List.of("tensor", "bound", "op", "ir")),
        Map.entry("transform", transform(rewriting)),
        Map.entry("transform.fold", transform(rewriting)),
        Map.entry("transform.fuse", transform(rewriting)),
        Map.entry("transform.quantize", transform(rewriting)),
        Map.entry("transform.weights", transform(rewriting)),
        Map.entry("transform.improve", transform(rewriting)),
        Map.entry(
            "onnx",
            List.of(
                "tensor",
                "bound",
                "op",
                "op.standard",
                "op.quant",
                "ir",
                "grammar",
                "onnx.internal")),
        Map.entry(
            "onnx.internal",
            List.of("tensor", "bound", "op", "op.standard", "op.quant", "ir", "grammar", "onnx")));
  }

  private static List<String> transform(List<String> rewriting) {
    return plus(
        rewriting,
        "op.standard",
        "op.quant",
        "rewrite",
        "pass",
        "rulelang",
        "calibration",
        "transform",
        "transform.fold",
        "transform.fuse",
        "transform.quantize",
        "transform.weights",
        "transform.improve");
  }

  private static List<String> plus(List<String> base, String... more) {
    List<String> all = new ArrayList<>(base);
    all.addAll(List.of(more));
    return all;
  }

  static Stream<String> packages() {
    return LAYERS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void packageKnowsOnlyWhatIsAboveIt(String name) {
    List<String> allowed = new ArrayList<>(LAYERS.get(name));
    allowed.add(name);
    DescribedPredicate<JavaClass> known =
        resideInAnyPackage(allowed.stream().map(p -> ROOT + "." + p).toArray(String[]::new))
            .or(generated(name));
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(ROOT + "." + name)
            .should()
            .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(known)))
            .allowEmptyShould(true);
    rule.check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> generated(String name) {
    return name.startsWith("onnx")
        ? resideInAPackage(ROOT + ".onnx.internal.proto..")
        : DescribedPredicate.alwaysFalse();
  }

  @Test
  void everyPackageStandsInTheTable() {
    List<String> unknown =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .distinct()
            .filter(name -> name.startsWith(ROOT + "."))
            .map(name -> name.substring(ROOT.length() + 1))
            .filter(name -> !LAYERS.containsKey(name))
            .filter(name -> !name.startsWith("grammar") && !name.startsWith("testing"))
            .filter(name -> !name.startsWith("onnx.internal.proto"))
            .toList();
    assertThat(unknown).isEmpty();
  }

  @Test
  void theTableIsNotCheckedOnNothing() {
    assertThat(CLASSES.size()).isGreaterThan(150);
  }

  @Test
  void onlyTheOnnxPackagesSeeProtobuf() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".onnx..")
        .should()
        .dependOnClassesThat(resideInAPackage("com.google.protobuf.."))
        .check(CLASSES);
  }

  @Test
  void nothingWritesToStandardStreams() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }

  @Test
  void nothingThrowsGenericExceptions() {
    GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(CLASSES);
  }

  @Test
  void rulesPassesAndOperatorsHaveNoMutableState() {
    classes()
        .that()
        .resideInAnyPackage(
            Stream.concat(
                    CONCRETE_OPS.stream().map(p -> ROOT + "." + p),
                    Stream.of(ROOT + ".transform.."))
                .toArray(String[]::new))
        .and()
        .implement(
            DescribedPredicate.describe(
                "operators and passes",
                type ->
                    type.getFullName().equals(ROOT + ".op.OpDefinition")
                        || type.getFullName().equals(ROOT + ".pass.Pass")))
        .should()
        .haveOnlyFinalFields()
        .check(CLASSES);
  }
}

package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every public type that users touch is used from Kotlin, where warnings are errors. */
class PublicApiTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern PUBLIC =
      Pattern.compile("(?m)^public (?:[a-z-]+ )*(?:class|interface|record|enum) (\\w+)");

  /** Plumbing between our own modules, and implementations that have a factory. */
  private static final Set<String> NOT_FOR_USERS =
      Set.of(
          "Buffer",
          "ElementLiteral",
          "Entries",
          "EntropyObserver",
          "GraphBody",
          "GraphEdit",
          "GraphParts",
          "LayoutChange",
          "MinMaxObserver",
          "MovingAverageObserver",
          "MseObserver",
          "NameAuthority",
          "OpaqueOp",
          "Operand",
          "Operands",
          "PackedStore",
          "PerChannelObserver",
          "PercentileObserver",
          "Redraw",
          "RefusedRewrite",
          "Scratch",
          "TypeInference");

  /** The words of our Kotlin, imports left out. */
  private static Set<String> kotlin() throws IOException {
    Set<String> words = new HashSet<>();
    for (String folder : List.of("src/main/kotlin", "src/test/kotlin")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".kt")).toList()) {
          Files.readString(file)
              .lines()
              .filter(line -> !line.startsWith("import "))
              .forEach(line -> words.addAll(List.of(line.split("\\W+"))));
        }
      }
    }
    return words;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compiler/src/main/java/dev/fixpoint",
        "compiler/src/main/java/dev/fixpoint/analysis",
        "compiler/src/main/java/dev/fixpoint/bound",
        "compiler/src/main/java/dev/fixpoint/calibration",
        "compiler/src/main/java/dev/fixpoint/ir",
        "compiler/src/main/java/dev/fixpoint/onnx",
        "compiler/src/main/java/dev/fixpoint/op",
        "compiler/src/main/java/dev/fixpoint/pass",
        "compiler/src/main/java/dev/fixpoint/rewrite",
        "compiler/src/main/java/dev/fixpoint/rulelang",
        "compiler/src/main/java/dev/fixpoint/tensor",
        "compiler/src/main/java/dev/fixpoint/testing",
        "compiler/src/main/java/dev/fixpoint/transform",
        "runtime/src/main/java/dev/fixpoint/runtime",
        "runtime/src/main/java/dev/fixpoint/runtime/kernel"
      })
  void typesOfAPackageAreUsedFromKotlin(String folder) throws IOException {
    Set<String> kotlin = kotlin();
    try (Stream<Path> files = Files.list(PROJECT.resolve(folder))) {
      List<String> unused =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .flatMap(PublicApiTest::publicTypes)
              .filter(type -> !NOT_FOR_USERS.contains(type) && !kotlin.contains(type))
              .toList();
      assertThat(unused).isEmpty();
    }
  }

  private static Stream<String> publicTypes(Path file) {
    try {
      return PUBLIC.matcher(Files.readString(file)).results().map(found -> found.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.fixpoint.rulelang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.RuleSet;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleLibraryTest {
  /** A library as somebody else would write it. */
  public static final class Doubles implements RuleLibrary {
    @Override
    public RuleSet rules() {
      return RuleLoader.STANDARD.load(
          "doubles.rules",
          "rule add-to-double { match y = Add(x, x) replace y with Mul(x, 2) within bit_exact }");
    }
  }

  @TempDir private Path folder;

  /** The rules that are found where a folder with services stands on the class path. */
  private List<String> installed(String implementation) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(RuleLibrary.class.getName()), implementation);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URI uri = folder.toUri();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {uri.toURL()}, RuleLibraryTest.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      return RuleLibrary.installed().rules().stream().map(RewriteRule::name).toList();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void librariesOfTheClassPathAreFound() throws IOException {
    assertThat(RuleLibrary.installed().find("add-to-double")).isEmpty();
    assertThat(installed(Doubles.class.getName())).contains("add-to-double");
  }

  @Test
  void libraryThatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> installed("no.such.Library"))
        .isInstanceOf(ServiceConfigurationError.class)
        .hasMessageContaining("no.such.Library");
  }

  @Test
  void callersAddFunctionsAndConditions() {
    RuleVocabulary vocabulary =
        RuleVocabulary.STANDARD
            .withFunctions(
                NativeLibrary.EMPTY.with(
                    "twice", 1, call -> List.of(Computed.number(2 * call.number(0)))))
            .withConditions(
                ConditionLibrary.standard()
                    .with("vector", c -> dev.fixpoint.rewrite.TypeConditions.rank(c, 1)));

    RuleSet rules =
        new RuleLoader(vocabulary)
            .load(
                "own.rules",
                """
                rule own {
                  match y = Add(x, x)
                  where vector(x)
                  let k = twice(1)
                  replace y with Mul(x, k)
                  within bit_exact
                }
                """);

    assertThat(rules.rules().getFirst().conditions()).hasSize(1);
    assertThatThrownBy(() -> NativeLibrary.standard().with("along", 1, _ -> List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two native functions are named 'along'");
  }
}

package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCommandTest {
  private static final String SWISH =
      """
      rule x-times-sigmoid-to-swish {
        doc "x * sigmoid(x) = swish(x)"
        match y = Mul(x, s)
              s = Sigmoid(x)
        where single_use(s)
        replace y with Swish(x)
        within real_identity
      }
      """;

  private static final String MODEL =
      """
      <ir_version: 10, opset_import: ["" : 21]>
      g (float[N,8] x, float[N,8] z) => (float[N,8] y, float[N,8] w) {
        s = Sigmoid(x)
        y = Mul(s, x)
        u = Sigmoid(z)
        v = Mul(u, z)
        q = Relu(u)
        r = Mul(v, x)
        w = Add(r, q)
      }
      """;

  @TempDir private Path folder;

  private Path file(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void listNamesEveryRuleWithItsContractOnOneLine() {
    CommandRun run = CommandRun.of("rules", "list", "--rules", file("swish.rules", SWISH));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .anyMatch(line -> line.matches(" *fold-batch-norm-into-conv +real_identity +W' = .*"))
        .anyMatch(
            line -> line.matches(" *x-times-sigmoid-to-swish +real_identity +x \\* sigmoid.*"));
  }

  @Test
  void explainNamesThePlacesAndTheClosestFailureFirst() {
    CommandRun run =
        CommandRun.of(
            "rules",
            "explain",
            "x-times-sigmoid-to-swish",
            file("m.onnxtxt", MODEL),
            "--rules",
            file("swish.rules", SWISH));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            x-times-sigmoid-to-swish fires at 1 node
              Mul node that makes 'y' with Sigmoid node that makes 's'
            it does not at 2 nodes, the closest first
              Mul node that makes 'v': not so: single_use(s)
              Mul node that makes 'r': has an input that no node makes, where Sigmoid should
            """);
  }

  @Test
  void explainSaysWhereNoNodeIsOfTheOperator() {
    CommandRun run =
        CommandRun.of("rules", "explain", "fold-pad-into-conv", file("m.onnxtxt", MODEL));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("fold-pad-into-conv starts at Conv, of which there is none");
  }

  @Test
  void unknownRuleIsRefused() {
    CommandRun run = CommandRun.of("rules", "explain", "nope", file("m.onnxtxt", MODEL));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "error: there is no rule 'nope'; 'fixpoint rules list' shows them\n");
  }

  @Test
  void optimizeAppliesRulesOfFiles() throws IOException {
    Path out = folder.resolve("out.onnxtxt");
    CommandRun run =
        CommandRun.of(
            "optimize",
            file("m.onnxtxt", MODEL),
            "-o",
            out,
            "--rules",
            file("swish.rules", SWISH),
            "--rules",
            file("none.rules", "# no rule"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("x-times-sigmoid-to-swish");
    assertThat(Files.readString(out)).contains("Swish");
  }

  @Test
  void oneNameTwiceIsRefused() {
    Path rules = file("swish.rules", SWISH);
    CommandRun run = CommandRun.of("rules", "list", "--rules", rules, "--rules", rules);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "error: "
                + rules
                + ": there is a rule 'x-times-sigmoid-to-swish' already; give it another name\n");
  }

  @Test
  void errorsOfARuleFileNamePathLineAndColumn() {
    Path rules = file("bad.rules", SWISH.replace("Sigmoid(x)", "Sigmoit(x)"));
    CommandRun run = CommandRun.of("rules", "check", rules);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("error: " + rules + ":4:13: found 'Sigmoit', expected an operator: 'Sigmoid'");
  }

  @Test
  void fileWithoutRulesIsRefusedByCheck() {
    Path rules = file("none.rules", "# no rule");
    CommandRun run = CommandRun.of("rules", "check", rules);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("there is no rule in it");
  }

  @Test
  void commandWithoutASubcommandIsRefused() {
    assertThat(CommandRun.of("rules").exitCode()).isEqualTo(2);
  }
}

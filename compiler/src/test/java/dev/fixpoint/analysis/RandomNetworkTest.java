package dev.fixpoint.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the random networks are drawn from, and how they become smaller. */
class RandomNetworkTest {
  private static final int SEEDS = 30;

  /** Operators that cannot carry an error from a float input to a float output. */
  private static final String WITHOUT_TRANSFER =
      """
      Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike
      If Loop Scan
      NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss
      BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor
      StringConcat StringNormalizer StringSplit TfIdfVectorizer
      BlackmanWindow Constant ConstantOfShape EyeLike HammingWindow HannWindow Range Shape Size
      NonMaxSuppression NonZero Unique
      """;

  static List<OpDefinition> operators() {
    return RandomNetwork.operators();
  }

  @Test
  void everyOperatorWithATransferIsDrawn() {
    List<String> without = List.of(WITHOUT_TRANSFER.split("\\s+"));
    Stream<String> drawn = operators().stream().map(op -> op.id().name());

    assertThat(Stream.concat(drawn, without.stream()))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            StandardOps.registry().definitions().stream().map(op -> op.id().name()).toList());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void whatIsAskedForIsThere(OpDefinition op) {
    assertThat(
            LongStream.range(0, SEEDS)
                .mapToObj(seed -> RandomNetwork.draw(new Random(seed), operators(), op))
                .anyMatch(graph -> calls(graph, op)))
        .isTrue();
  }

  private static boolean calls(Graph graph, OpDefinition op) {
    return graph.nodes().stream().anyMatch(node -> node.calls(op));
  }

  @Test
  void aFailingNetworkBecomesTheSmallestThatFails() {
    Graph large = RandomNetwork.draw(new Random(9), operators(), StandardOps.SOFTMAX);

    Graph small = SmallestNetwork.of(large, graph -> calls(graph, StandardOps.SOFTMAX));

    assertThat(large.nodes()).hasSizeGreaterThan(3);
    assertThat(small.nodes()).hasSizeLessThanOrEqualTo(2);
    assertThat(calls(small, StandardOps.SOFTMAX)).isTrue();
  }
}

package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class LargeTextTest {

  private static final int TENSORS = 50;
  private static final int ELEMENTS = 70_000;

  /** The size of mobilenet_v2; the tests run with 2 GB of heap. */
  @Test
  void textOfMillionsOfLiteralsIsReadInAMinuteWithoutATreeOfThem() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          SourceText source = largeText();
          var graph = OnnxTextParsing.parseModel(source).graph();

          assertThat(Trees.size(graph)).isLessThan(50 * TENSORS);
          assertThat(valuesOf(graph)).isEqualTo(TENSORS * ELEMENTS);
        });
  }

  private static SourceText largeText() throws IOException {
    var random = new Random(1);
    var text = new StringBuilder("g (float[1] x) => (float[1] y)\n<");
    for (int tensor = 0; tensor < TENSORS; tensor++) {
      text.append(tensor == 0 ? "" : ",\n ");
      text.append("float[").append(ELEMENTS).append("] w").append(tensor).append(" = {");
      for (int i = 0; i < ELEMENTS; i++) {
        text.append(i == 0 ? "" : ", ").append(random.nextFloat());
      }
      text.append('}');
    }
    text.append(">\n{ y = Identity(x) }\n");
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return SourceText.read("large.onnxtxt", new ByteArrayInputStream(bytes));
  }

  /** Compares every literal with the number that was written, and counts them. */
  private static int valuesOf(OnnxTextParser.GraphContext graph) {
    var random = new Random(1);
    int count = 0;
    for (var value : graph.initializerList().valueInfoOrInitializers().valueInfoOrInitializer()) {
      LiteralList list = LiteralList.of(value.constantData().internalData());
      for (int i = 0; i < list.size(); i++) {
        if (list.floatAt(i) != random.nextFloat()) {
          throw new AssertionError("another number at " + list.rangeAt(i));
        }
      }
      count += list.size();
    }
    return count;
  }
}

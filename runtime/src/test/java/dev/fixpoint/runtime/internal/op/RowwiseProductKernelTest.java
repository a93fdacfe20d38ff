package dev.fixpoint.runtime.internal.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.ExecutionOptions;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.KernelChoice;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Products whose rows have ranges of their own have the bits of their definition. */
class RowwiseProductKernelTest {
  private static final OpId ID = OpId.fixpoint("DynamicQMatMul");

  private static void hasTheBitsOfItsDefinition(DrawnCall drawn) {
    List<Tensor> expected = drawn.op().evaluate(drawn.call());
    for (KernelChoice choice : KernelChoice.values()) {
      ExecutionOptions options = ExecutionOptions.DEFAULT.withChoice(choice);
      assertThat(run(drawn, options)).as("%s: %s", choice, drawn).isEqualTo(expected);
      assertThat(run(drawn, options.withThreads(2))).as("%s", drawn).isEqualTo(expected);
    }
  }

  private static List<Tensor> run(DrawnCall drawn, ExecutionOptions options) {
    Graph graph = drawn.graph();
    try (var session = InferenceSession.of(graph, options)) {
      List<Tensor> first = List.copyOf(session.run(drawn.feed()).values());
      assertThat(List.copyOf(session.run(drawn.feed()).values())).isEqualTo(first);
      return first;
    }
  }

  @Property(tries = 100)
  void productsHaveTheBitsOfTheirDefinition(@ForAll long seed) {
    hasTheBitsOfItsDefinition(new CallDrawing(new Random(seed)).draw(ID));
  }

  /** The largest sum of 1,100 products is 1100 · 255 · 255, more than the 2^24 of float32. */
  @Test
  void sumsBeyondTheExactIntegersOfFloatKeepTheirBits() {
    for (int rows : new int[] {3, 150}) {
      hasTheBitsOfItsDefinition(largest(rows));
    }
  }

  private static DrawnCall largest(int rows) {
    Random random = new Random(7);
    int depth = 1100;
    int columns = 70;
    byte[] weights = new byte[depth * columns];
    random.nextBytes(weights);
    Arrays.fill(weights, 0, depth * columns / 2, (byte) 255);
    Tensor b = Tensor.ofBytes(ElementType.UINT8, Shape.of(depth, columns), weights);
    return new DrawnCall(random, ID)
        .variable(DrawnCall.floats(random, rows, depth))
        .constant(b)
        .constant(DrawnCall.floats(random, columns))
        .absent()
        .constant(DrawnCall.floats(random, columns))
        .with(new Activation.HardSwish());
  }

  @Test
  void rowsOfZerosAndOfOneSignKeepTheirBits() {
    float[] values = new float[4 * 5];
    Arrays.fill(values, 5, 10, 2.5f);
    Arrays.fill(values, 10, 15, -0.25f);
    values[16] = Float.MIN_VALUE;
    Random random = new Random(3);
    hasTheBitsOfItsDefinition(
        new DrawnCall(random, ID)
            .variable(Tensor.ofFloats(Shape.of(4, 5), values))
            .constant(DrawnCall.bytes(random, ElementType.INT8, 5, 9))
            .constant(DrawnCall.floats(random, 9)));
  }

  @Test
  void itsMultiplyAccumulatesCountAsIntegers() {
    try (var session = InferenceSession.of(largest(3).graph())) {
      assertThat(session.plan(Map.of()).integerMacShare()).isEqualTo(1);
    }
  }
}

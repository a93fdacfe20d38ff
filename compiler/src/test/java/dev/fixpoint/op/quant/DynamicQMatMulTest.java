package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The product with a range for each row, against DynamicQuantizeLinear and MatMulInteger. */
class DynamicQMatMulTest {
  private final DynamicQMatMul op = new DynamicQMatMul();

  /** A call with random operands, some rows of zeros or of one sign. */
  private static final class Product {
    private final Draws draws;
    private final int rows;
    private final int depth;
    private final int columns;
    private final Activation activation;
    private final @Nullable Tensor[] inputs = new Tensor[5];

    Product(long seed) {
      draws = new Draws(seed);
      rows = draws.between(1, 4);
      depth = draws.between(1, 6);
      columns = draws.between(2, 4);
      activation = draws.activation();
      ElementType type = draws.bytes();
      inputs[0] = Tensor.ofFloats(Shape.of(rows, depth), values());
      inputs[1] = draws.integers(type, Shape.of(depth, columns));
      inputs[2] = draws.scales(draws.maybe() ? 1 : columns);
      inputs[3] = draws.maybe() ? null : draws.zeroPoints(type, columns);
      inputs[4] = draws.maybe() ? null : Tensor.ofFloats(Shape.of(columns), biases());
    }

    private float[] values() {
      float[] values = new float[rows * depth];
      for (int r = 0; r < rows; r++) {
        float magnitude = draws.maybe() ? 0 : 1 << draws.between(0, 9);
        float shift = draws.between(-1, 1) * magnitude / 2;
        for (int i = 0; i < depth; i++) {
          values[r * depth + i] = (draws.random.nextFloat() - 0.5f) * magnitude + shift;
        }
      }
      return values;
    }

    private float[] biases() {
      float[] biases = new float[columns];
      for (int c = 0; c < columns; c++) {
        biases[c] = draws.random.nextFloat() * 4 - 2;
      }
      return biases;
    }

    OpCall call() {
      return OpCall.ofTensors(activation.addTo(Attributes.NONE), Arrays.asList(inputs), 1);
    }

    /** One row by the operators of ONNX and the epilogue's float32 steps. */
    float[] row(int row) {
      Tensor a = inputs[0];
      Tensor scales = inputs[2];
      if (a == null || scales == null) {
        throw new IllegalStateException("operands are always there");
      }
      float[] all = a.toFloats();
      Tensor one =
          Tensor.ofFloats(
              Shape.of(1, depth), Arrays.copyOfRange(all, row * depth, (row + 1) * depth));
      List<Tensor> left =
          QuantOps.DYNAMIC_QUANTIZE_LINEAR.evaluate(
              OpCall.ofTensors(Attributes.NONE, List.of(one), 3));
      Tensor sums =
          QuantOps.MAT_MUL_INTEGER
              .evaluate(
                  OpCall.ofTensors(
                      Attributes.NONE,
                      Arrays.asList(left.get(0), inputs[1], left.get(2), inputs[3]),
                      1))
              .getFirst();
      float scale = (float) left.get(1).doubleAt(0);
      float[] result = new float[columns];
      for (int c = 0; c < columns; c++) {
        float step = scale * (float) scales.doubleAt(scales.elementCount() == 1 ? 0 : c);
        float real = (float) sums.longAt(c) * step;
        Tensor bias = inputs[4];
        result[c] = activation.applyFloat(bias == null ? real : real + (float) bias.doubleAt(c));
      }
      return result;
    }
  }

  @Property(tries = 300)
  void eachRowIsQuantizedAsATensorOfItsOwn(@ForAll long seed) {
    Product p = new Product(seed);

    float[] y = op.evaluate(p.call()).getFirst().toFloats();

    for (int row = 0; row < p.rows; row++) {
      float[] actual = Arrays.copyOfRange(y, row * p.columns, (row + 1) * p.columns);
      assertThat(actual).isEqualTo(p.row(row));
    }
  }

  @Property(tries = 300)
  void standardOperatorsGiveTheSame(@ForAll long seed) {
    Product p = new Product(seed);

    if (p.activation.isClamp()) {
      ExpansionChecks.same(op, p.call());
    } else {
      ExpansionChecks.close(op, p.call());
    }
  }
}

package dev.fixpoint.op.quant;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix product whose left side is quantized row by row, each row (a token) by its own range as
 * {@link DynamicQuantizeLinear} does for a whole tensor: {@code act(float(acc) * (rowScale *
 * b_scale[column]) + bias[column])}, every step after the exact accumulator one float32 operation.
 * The right side {@code b [depth, columns]} has one scale and zero point, or one for each column. A
 * row's result does not depend on the other rows, so that batches may be cut anywhere.
 */
public final class DynamicQMatMul extends FloatResult {
  private static final int BIAS = 4;

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.fixpoint("DynamicQMatMul"))
          .versions(1)
          .input("a", QuantTypes.FLOAT)
          .input("b", Types.BYTES)
          .input("b_scale", QuantTypes.FLOAT)
          .optionalInput("b_zero_point", Types.BYTES)
          .optionalInput("bias", QuantTypes.FLOAT)
          .output("y", QuantTypes.FLOAT)
          .attributes(Activation.KIND, Activation.PARAMETERS)
          .doc("Matrix product whose left side is quantized row by row when it is known.");

  /** The definition. */
  public DynamicQMatMul() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape b = call.type(1).shape();
    if (b.isRanked() && b.rank() != 2) {
      throw new IllegalArgumentException("the right side is a matrix, not " + b);
    }
    return List.of(
        new TensorType(ElementType.FLOAT, BatchedProduct.infer(call.type(0).shape(), b)));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor a = call.tensor(0);
    Shape b = call.tensor(1).shape();
    int depth = b.intSize(0);
    int columns = b.intSize(1);
    Shape shape = inferTypes(call).getFirst().shape();
    int[] right = IntegerOperands.right(call, 1, 3);
    float[] scales = eachColumn("scales", call.tensor(2).toFloats(), columns);
    Tensor biasTensor = call.constant(BIAS);
    float[] bias = biasTensor == null ? null : eachColumn("biases", biasTensor.toFloats(), columns);
    Activation activation = Activation.of(call.attributes());
    float[] values = a.toFloats();
    float[] output = new float[Math.toIntExact(shape.elementCount())];
    for (int row = 0; columns > 0 && row < output.length / columns; row++) {
      float[] token = Arrays.copyOfRange(values, row * depth, (row + 1) * depth);
      QuantParams params = DynamicQuantizeLinear.parameters(token);
      int[] left = centred(token, params);
      int start = row * columns;
      IntegerProduct.forEachRow(
          left,
          0,
          right,
          0,
          1,
          depth,
          columns,
          null,
          (_, sums) -> {
            for (int c = 0; c < sums.length; c++) {
              float real = (float) sums[c] * (params.scale(0) * scales[c]);
              output[start + c] = activation.applyFloat(bias == null ? real : real + bias[c]);
            }
          });
    }
    return List.of(Tensor.ofFloats(shape, output));
  }

  private static int[] centred(float[] token, QuantParams params) {
    int[] integers = new int[token.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (int) (params.quantize(token[i], 0) - params.zeroPoint(0));
    }
    return integers;
  }

  private static float[] eachColumn(String what, float[] given, int columns) {
    if (given.length != 1 && given.length != columns) {
      throw new IllegalArgumentException(
          "there are " + columns + " columns but " + given.length + " " + what);
    }
    float[] each = new float[columns];
    for (int c = 0; c < columns; c++) {
      each[c] = given[given.length == 1 ? 0 : c];
    }
    return each;
  }

  /** What its function gives at all; what goes into that depends on every row's range. */
  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Range.of(Activation.of(call.attributes()).image(Interval.ALL)));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return inferTypes(call).getFirst().shape().elementCount() * call.type(1).shape().size(0);
  }

  @Override
  public @Nullable Expansion expansion(OpCall call) {
    return DynamicExpansion.of(call);
  }
}

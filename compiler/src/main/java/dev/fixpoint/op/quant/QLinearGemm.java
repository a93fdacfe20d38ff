package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime QGemm: {@code alpha * A'B' + C} of quantized matrices, requantized once, or float
 * where there is no output scale. C is int32 in steps of {@code alpha * a_scale * b_scale} and the
 * same for every row. {@link QGemm} with {@code alpha * a_scale} as the scale of A says how it
 * rounds.
 */
public final class QLinearGemm extends RearrangedOp {
  /** Factor of the product. */
  public static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1);

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.microsoft("QGemm"))
          .versions(1)
          .input("A", QuantTypes.INTEGERS)
          .input("a_scale", QuantTypes.FLOAT)
          .input("a_zero_point", QuantTypes.INTEGERS)
          .input("B", QuantTypes.INTEGERS)
          .input("b_scale", QuantTypes.FLOAT)
          .input("b_zero_point", QuantTypes.INTEGERS)
          .optionalInput("C", QuantTypes.INT32)
          .optionalInput("y_scale", QuantTypes.FLOAT)
          .optionalInput("y_zero_point", QuantTypes.INTEGERS)
          .output("Y", Types.union(QuantTypes.INTEGERS, QuantTypes.FLOAT))
          .attributes(ALPHA, QGemm.TRANS_A, QGemm.TRANS_B)
          .doc("Matrix product of quantized matrices with bias, requantized once.");

  /** The definition. */
  public QLinearGemm() {
    super(SCHEMA, new QGemm());
  }

  @Override
  OpCall rearranged(OpCall call) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> constants = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      types.add(call.hasInput(i) ? call.type(i) : null);
      constants.add(call.constant(i));
    }
    Tensor scale = call.constant(1);
    if (scale != null) {
      float scaled = call.get(ALPHA) * Quantized.single(scale.toFloats());
      constants.set(1, Tensor.ofFloats(Shape.SCALAR, scaled));
    }
    Tensor bias = call.constant(6);
    if (bias != null) {
      constants.set(6, row(bias, columns(call)));
    }
    Attributes attributes = call.attributes().without(ALPHA.name());
    return OpCall.of(attributes, types, constants, List.of(), call.outputCount());
  }

  private static int columns(OpCall call) {
    return call.type(3).shape().intSize(call.attributes().isSet(QGemm.TRANS_B) ? 0 : 1);
  }

  private static Tensor row(Tensor bias, int columns) {
    if (bias.elementCount() == columns && bias.shape().size(-1) == columns) {
      return bias.reshaped(Shape.of(columns));
    }
    if (bias.elementCount() == 1) {
      return Tensor.filled(bias.elementType(), Shape.of(columns), bias.doubleAt(0));
    }
    throw new IllegalArgumentException(
        "a bias of shape " + bias.shape() + " differs from row to row, which is not supported");
  }
}

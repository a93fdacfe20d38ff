package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DynamicQMatMul in standard operators. The integer product is taken of the bytes as they are,
 * since ONNX Runtime knows no zero points by row, and what the zero points add is subtracted:
 * {@code Σ(q - z)(w - v) = Σ q (w - v) - z Σ(w - v)}, all in int32.
 */
final class DynamicExpansion {
  private static final Attribute<Long> TO = Attribute.ofInt("to");
  private static final Attribute<Long> KEEP = Attribute.ofInt("keepdims");

  private final Expansion.Builder build = Expansion.builder();
  private final OpCall call;

  private DynamicExpansion(OpCall call) {
    this.call = call;
  }

  /** The expansion; null where the right side is not known. */
  static @Nullable Expansion of(OpCall call) {
    boolean known =
        call.constant(1) != null
            && call.constant(2) != null
            && OutputParameters.known(call, 3, 4)
            && call.type(0).shape().isRanked();
    return known ? new DynamicExpansion(call).expansion() : null;
  }

  private Expansion expansion() {
    String zero = build.constant("zero", Tensor.ofFloats(Shape.SCALAR, 0));
    String low = node("Min", "row_low", extreme("ReduceMin", "row_min"), zero);
    String high = node("Max", "row_high", extreme("ReduceMax", "row_max"), zero);
    String levels = build.constant("levels", Tensor.ofFloats(Shape.SCALAR, 255));
    String step = node("Div", "step", node("Sub", "width", high, low), levels);
    String one = build.constant("one", Tensor.ofFloats(Shape.SCALAR, 1));
    String scale = node("Where", "scale", node("Equal", "flat", step, zero), one, step);
    String origin = node("Neg", "origin", node("Div", "steps_below", low, scale));
    String rounded = node("Round", "origin_rounded", origin);
    String zeroPoint = node("Clip", "zero_point", rounded, zero, levels);
    String quotient = node("Div", "quotient", Expansion.input(0), scale);
    String steps = node("Add", "shifted", node("Round", "quotient_rounded", quotient), zeroPoint);
    String bytes = cast(node("Clip", "saturated", steps, zero, levels), "bytes", ElementType.UINT8);
    String sums = sums(bytes, cast(zeroPoint, "zero_integer", ElementType.INT32));
    finish(cast(sums, "sums_real", ElementType.FLOAT), scale);
    return build.build();
  }

  private String extreme(String op, String name) {
    String axes =
        build.constant(name + "_axes", Tensor.ofLongs(ElementType.INT64, Shape.of(1), -1));
    return build.call(
        OpId.of(op), Attributes.NONE.with(KEEP, 1L), List.of(Expansion.input(0), axes), name);
  }

  private String sums(String bytes, String zeroPoint) {
    List<String> inputs = new ArrayList<>(List.of(bytes, Expansion.input(1)));
    if (call.hasInput(3)) {
      inputs.add("");
      inputs.add(Expansion.input(3));
    }
    String raw = build.call(OpId.of("MatMulInteger"), Attributes.NONE, inputs, "raw_sums");
    String columns = build.constant("column_sums", columnSums());
    return node("Sub", "sums", raw, node("Mul", "surplus", zeroPoint, columns));
  }

  /** The sum of each column of the right side less its zero point. */
  private Tensor columnSums() {
    int[] right = IntegerOperands.right(call, 1, 3);
    int columns = call.tensor(1).shape().intSize(1);
    long[] sums = new long[columns];
    for (int i = 0; i < right.length; i++) {
      sums[i % columns] += right[i];
    }
    return Tensor.ofLongs(ElementType.INT32, Shape.of(columns), sums);
  }

  private void finish(String sums, String scale) {
    ExpansionChain chain = new ExpansionChain(build);
    chain.start(
        OpId.of("Mul"),
        Attributes.NONE,
        List.of(sums, node("Mul", "steps_real", scale, Expansion.input(2))));
    if (call.hasInput(4)) {
      chain.then(OpId.of("Add"), Attributes.NONE, Expansion.input(4));
    }
    chain.activate(Activation.of(call.attributes())).finish();
  }

  private String cast(String value, String name, ElementType type) {
    return build.call(
        OpId.of("Cast"), Attributes.NONE.with(TO, (long) type.code()), List.of(value), name);
  }

  private String node(String op, String name, String... inputs) {
    return build.call(OpId.of(op), Attributes.NONE, List.of(inputs), name);
  }
}

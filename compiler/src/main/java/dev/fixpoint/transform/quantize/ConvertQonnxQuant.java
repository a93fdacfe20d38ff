package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.quant.QonnxQuant;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Writes QONNX Quant as FakeQuant where both are the same function: rounding half to even, zero
 * point 0, positive constant scales for the tensor or along one axis. A range smaller than that of
 * a byte becomes a Clip before it, since {@code rint(clamp(x / s, a, b)) = rint(clamp(x, a·s, b·s)
 * / s)}; a constant is moved onto its grid at once.
 *
 * <pre>
 *   y = Quant(x, s, 0, 8)    →    y = FakeQuant(x, s, 0)
 *   y = Quant(x, s, 0, 4)    →    y = FakeQuant(Clip(x, -8·s, 7·s), s, 0)
 * </pre>
 */
public final class ConvertQonnxQuant {
  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("convert-qonnx-quant")
          .doc("Quant(x, s, 0, bits) = FakeQuant(Clip(x), s, 0)")
          .match(
              Patterns.op(QuantOps.QONNX_QUANT)
                  .inputs(
                      Patterns.any(),
                      Patterns.constant(),
                      Patterns.constant(),
                      Patterns.constant()))
          .replaceWith(ConvertQonnxQuant::replace)
          .within(ErrorContract.bitExact());

  private static final int BYTE = 8;

  private ConvertQonnxQuant() {}

  private static void replace(Match match, ReplacementBuilder build) {
    GraphView graph = match.graph();
    Node node = match.root();
    OpCall call = TypeInference.call(graph, node);
    Tensor scale = graph.constant(node.input(1));
    Tensor zero = graph.constant(node.input(2));
    Tensor bitwidth = graph.constant(node.input(3));
    if (scale == null || zero == null || bitwidth == null) {
      throw build.refuse("scale, zero point and bit width are not all constant");
    }
    double bits = bitwidth.doubleAt(0);
    boolean zeroIsZero = isZero(zero);
    boolean rounds = node.get(QonnxQuant.ROUNDING_MODE).equals("ROUND");
    if (!zeroIsZero || !rounds || bits < 1 || bits > BYTE || !isPositive(scale)) {
      throw build.refuse(
          "only ROUND, zero point 0, positive scales and up to 8 bits have an exact form");
    }
    Shape x = graph.type(node.input(0)).shape();
    int axis = scaleAxis(scale.shape(), x);
    if (scale.elementCount() > 1 && axis < 0) {
      throw build.refuse("scales " + scale.shape() + " differ along more than one axis");
    }
    ElementType type =
        node.attributes().isSet(QonnxQuant.SIGNED) ? ElementType.INT8 : ElementType.UINT8;
    Value moved = clipped(build, graph, node, call, scale, bits, type);
    Attributes attributes =
        axis < 0 ? Attributes.NONE : Attributes.NONE.with(QuantizeLinear.AXIS, (long) axis);
    Shape parameters = axis < 0 ? Shape.SCALAR : Shape.of(scale.elementCount());
    String name = node.output().name();
    build.define(
        node.output(),
        QuantOps.FAKE_QUANT,
        attributes,
        moved,
        build.constant(name + "_scale", scale.reshaped(parameters)),
        build.constant(name + "_zero_point", Tensor.filled(type, parameters, 0)));
  }

  /** The argument of the fake quantizer: what lies within the smaller range, if it is smaller. */
  private static Value clipped(
      ReplacementBuilder build,
      GraphView graph,
      Node node,
      OpCall call,
      Tensor scale,
      double bits,
      ElementType type) {
    Value x = node.input(0);
    double low = QonnxQuant.smallest(call, bits);
    double high = QonnxQuant.largest(call, bits);
    if (low == type.minInteger() && high == type.maxInteger()) {
      return x;
    }
    if (graph.constant(x) != null) {
      Tensor onGrid = QuantOps.QONNX_QUANT.evaluate(call).getFirst();
      return build.constant(x.name() + "_on_grid", onGrid);
    }
    if (scale.elementCount() != 1) {
      throw build.refuse(
          "a range of " + bits + " bits with scales along an axis needs a Clip each");
    }
    float s = (float) scale.doubleAt(0);
    return build.call(
        x.name() + "_clipped",
        StandardOps.CLIP,
        Attributes.NONE,
        x,
        build.constant(x.name() + "_low", Tensor.ofFloats(Shape.SCALAR, (float) low * s)),
        build.constant(x.name() + "_high", Tensor.ofFloats(Shape.SCALAR, (float) high * s)));
  }

  /** The one axis of x along which scales differ; -1 where there is one scale, or no such axis. */
  private static int scaleAxis(Shape scale, @Nullable Shape x) {
    int found = -1;
    if (x == null || !x.isRanked()) {
      return found;
    }
    for (int d = 0; d < scale.rank(); d++) {
      if (scale.size(d) != 1) {
        if (found >= 0) {
          return -1;
        }
        found = d + x.rank() - scale.rank();
      }
    }
    return found;
  }

  private static boolean isZero(Tensor tensor) {
    for (double value : tensor.toDoubles()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPositive(Tensor tensor) {
    for (double value : tensor.toDoubles()) {
      if (!(value > 0) || Double.isInfinite(value)) {
        return false;
      }
    }
    return true;
  }
}

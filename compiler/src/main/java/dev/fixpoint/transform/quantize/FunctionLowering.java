package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.quant.QTable;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of single elements between integers of 8 or 16 bits is a table of all its results,
 * made by the reference semantics of dequantizer, function and quantizer: exact by construction. So
 * is a BatchNormalization that a quantizer keeps from its convolution, with a table for each
 * channel.
 */
final class FunctionLowering {
  private FunctionLowering() {}

  static void lower(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QdqView.Source x = QdqView.source(graph, node.input(0));
    QdqView.Target y = QdqView.onlyTarget(graph, node.output());
    if (x == null || y == null || !haveTables(x.params()) || !haveTables(y.params())) {
      return;
    }
    Tensor table = table(graph, node, x.params(), y.params());
    if (table == null) {
      return;
    }
    rewriter.replace(
        LowerToQuantized.NAME,
        List.of(y.quantizer(), node, x.dequantizer()),
        build ->
            build.define(
                y.integers(),
                QuantOps.Q_TABLE,
                Attributes.NONE,
                x.integers(),
                build.constant(node.output().name() + "_table", table)),
        ErrorContract.bitExact());
  }

  private static boolean haveTables(QuantParams params) {
    return params.elementType().bits() == 8 || params.elementType().bits() == 16;
  }

  /** The table, or null where a parameter of the function is computed. */
  private static @Nullable Tensor table(GraphView graph, Node node, QuantParams x, QuantParams y) {
    List<@Nullable Tensor> parameters = parameters(graph, node);
    if (parameters == null) {
      return null;
    }
    boolean byChannel = node.calls(StandardOps.BATCH_NORMALIZATION);
    Tensor scale = byChannel ? parameters.getFirst() : null;
    if (byChannel && (x.elementType().bits() != 8 || node.outputs().size() != 1)) {
      return null;
    }
    int size = QTable.size(x.elementType());
    int channels = scale == null ? 1 : Math.toIntExact(scale.elementCount());
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(x.dequantize(codes(x.elementType(), size, channels)));
    inputs.addAll(parameters);
    Tensor values = node.op().evaluate(OpCall.ofTensors(node.attributes(), inputs, 1)).getFirst();
    Tensor results = y.quantize(values);
    return byChannel ? byChannel(results, size, channels) : results.reshaped(Shape.of(size));
  }

  /** Every integer of a type, for each channel, as {@code [size, channels]}. */
  private static Tensor codes(ElementType type, int size, int channels) {
    long[] codes = new long[size * channels];
    long span = 1L << type.bits();
    for (int i = 0; i < codes.length; i++) {
      long code = i / channels;
      codes[i] = code > type.maxInteger() ? code - span : code;
    }
    return Tensor.ofLongs(type, Shape.of(size, channels), codes);
  }

  /** The parameters of a function, null where absent; no list where one is computed. */
  private static @Nullable List<@Nullable Tensor> parameters(GraphView graph, Node node) {
    List<@Nullable Tensor> parameters = new ArrayList<>();
    for (Value input : node.inputs().subList(1, node.inputs().size())) {
      Tensor constant = input == null ? null : QdqView.realConstant(graph, input);
      if (input != null && constant == null) {
        return null;
      }
      parameters.add(constant);
    }
    return parameters;
  }

  private static Tensor byChannel(Tensor results, int size, int channels) {
    long[] values = new long[size * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = results.longAt((long) i % size * channels + i / size);
    }
    return Tensor.ofLongs(results.elementType(), Shape.of(channels, size), values);
  }
}

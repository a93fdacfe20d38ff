package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.quant.QTable;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of single elements between 8-bit values is a table of 256 entries, made by the
 * reference semantics of dequantizer, function and quantizer: exact by construction.
 */
final class FunctionLowering {
  private FunctionLowering() {}

  static void lower(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QdqView.Source x = QdqView.source(graph, node.input(0));
    QdqView.Target y = QdqView.onlyTarget(graph, node.output());
    if (x == null || y == null || !areBytes(x.params(), y.params())) {
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

  private static boolean areBytes(QuantParams x, QuantParams y) {
    return x.elementType().bits() == 8 && y.elementType().bits() == 8;
  }

  /** The table, or null where a parameter of the function is computed. */
  private static @Nullable Tensor table(GraphView graph, Node node, QuantParams x, QuantParams y) {
    byte[] codes = new byte[QTable.SIZE];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) i;
    }
    Tensor integers = Tensor.ofBytes(x.elementType(), Shape.of(QTable.SIZE), codes);
    List<@Nullable Tensor> inputs = new ArrayList<>();
    inputs.add(x.dequantize(integers));
    for (Value parameter : node.inputs().subList(1, node.inputs().size())) {
      Tensor constant = parameter == null ? null : graph.constant(parameter);
      if (parameter != null && constant == null) {
        return null;
      }
      inputs.add(constant);
    }
    Tensor values = node.op().evaluate(OpCall.ofTensors(node.attributes(), inputs, 1)).getFirst();
    return y.quantize(values);
  }
}

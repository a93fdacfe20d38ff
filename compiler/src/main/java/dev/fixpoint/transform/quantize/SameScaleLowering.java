package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator that moves or selects elements runs on the integers as it is: dequantizing commutes
 * with it, since it is monotone. A quantizer behind it with other parameters becomes a Requantize,
 * and other readers get a dequantizer behind it.
 */
final class SameScaleLowering {
  private static final String STORAGE_ORDER = "storage_order";

  private SameScaleLowering() {}

  static void lower(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QdqView.Source x = QdqView.source(graph, node.input(0));
    if (x == null || operator(node, graph.type(x.integers()).elementType()) == null) {
      return;
    }
    Tensor filler = filler(graph, node, x.params());
    if (PadFiller.isConstant(node) && filler == null) {
      return;
    }
    List<Node> nodes = new ArrayList<>();
    for (Value output : node.outputs()) {
      QdqView.Target target = QdqView.onlyTarget(graph, output);
      if (target != null) {
        nodes.add(target.quantizer());
      }
    }
    nodes.add(node);
    nodes.add(x.dequantizer());
    rewriter.replace(
        LowerToQuantized.NAME,
        nodes,
        build -> replace(graph, node, x, filler, build),
        ErrorContract.bitExact());
  }

  /** The integer that a Pad adds, or null. */
  private static @Nullable Tensor filler(GraphView graph, Node node, QuantParams params) {
    if (!PadFiller.isConstant(node) || PadFiller.refusal(graph, node).isPresent()) {
      return null;
    }
    QdqView.Target target = QdqView.onlyTarget(graph, node.output());
    return PadFiller.quantized(graph, node, params, target == null ? null : target.params());
  }

  /** The operator that does the same to integers of a type, or null. */
  private static @Nullable OpDefinition operator(Node node, ElementType integers) {
    boolean takes =
        node.op()
            .schema()
            .input(0)
            .map(OpSchema.Parameter::types)
            .filter(types -> types.contains(integers))
            .isPresent();
    if (takes) {
      return node.op();
    }
    boolean wide = integers == ElementType.INT16 || integers == ElementType.UINT16;
    return wide && node.calls(StandardOps.MAX_POOL) && node.outputs().size() == 1
        ? QuantOps.Q_MAX_POOL
        : null;
  }

  private static void replace(
      GraphView graph,
      Node node,
      QdqView.Source x,
      @Nullable Tensor filler,
      ReplacementBuilder build) {
    List<Value> outputs = new ArrayList<>();
    for (Value output : node.outputs()) {
      if (!graph.type(output).elementType().isFloat()) {
        outputs.add(output); // the indices of a MaxPool
        continue;
      }
      QdqView.Target target = QdqView.onlyTarget(graph, output);
      if (target != null && target.params().equals(x.params())) {
        outputs.add(target.integers());
        continue;
      }
      Value integers = build.value(output.name() + "_integers");
      outputs.add(integers);
      if (target == null) {
        build.define(
            output,
            QuantOps.DEQUANTIZE_LINEAR,
            Attributes.NONE,
            integers,
            x.scale(),
            x.zeroPoint());
      } else {
        build.define(
            target.integers(),
            QuantOps.REQUANTIZE,
            Attributes.NONE,
            integers,
            x.scale(),
            x.zeroPoint(),
            target.scale(),
            target.zeroPoint());
      }
    }
    List<@Nullable Value> inputs = new ArrayList<>(node.inputs());
    inputs.set(0, x.integers());
    if (filler != null) {
      while (inputs.size() <= PadFiller.CONSTANT_VALUE) {
        inputs.add(null);
      }
      inputs.set(
          PadFiller.CONSTANT_VALUE, build.constant(node.output().name() + "_filler", filler));
    } else if (node.calls(StandardOps.PAD) && node.hasInput(PadFiller.CONSTANT_VALUE)) {
      inputs.set(PadFiller.CONSTANT_VALUE, null); // modes that repeat elements do not read it
    }
    OpDefinition op = operator(node, graph.type(x.integers()).elementType());
    Attributes attributes =
        op == QuantOps.Q_MAX_POOL ? node.attributes().without(STORAGE_ORDER) : node.attributes();
    build.node(op == null ? node.op() : op, attributes, inputs, outputs);
  }
}

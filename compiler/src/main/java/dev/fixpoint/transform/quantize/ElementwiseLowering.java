package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QConcat;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums, products, averages and concatenations whose inputs and output are all quantized. */
final class ElementwiseLowering {
  private ElementwiseLowering() {}

  /** {@code Q(DQ(a) + DQ(b))} is QAdd, and the product QMul: one rounding may fall elsewhere. */
  static void arithmetic(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QdqView.Source a = QdqView.source(graph, node.input(0));
    QdqView.Source b = QdqView.source(graph, node.input(1));
    QdqView.Target y = QdqView.onlyTarget(graph, node.output());
    if (a == null || b == null || y == null) {
      return;
    }
    OpDefinition op = node.calls(StandardOps.ADD) ? QuantOps.Q_ADD : QuantOps.Q_MUL;
    rewriter.replace(
        LowerToQuantized.NAME,
        List.of(y.quantizer(), node, a.dequantizer(), b.dequantizer()).stream().distinct().toList(),
        build ->
            build.define(
                y.integers(),
                op,
                Attributes.NONE,
                a.integers(),
                a.scale(),
                a.zeroPoint(),
                b.integers(),
                b.scale(),
                b.zeroPoint(),
                y.scale(),
                y.zeroPoint()),
        ErrorContract.lsb(1));
  }

  /** {@code Q(mean(DQ(x)))} sums integers and rounds once. */
  static void mean(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QdqView.Source x = QdqView.source(graph, node.input(0));
    QdqView.Target y = QdqView.onlyTarget(graph, node.output());
    if (x == null || y == null) {
      return;
    }
    OpDefinition op =
        node.calls(StandardOps.GLOBAL_AVERAGE_POOL)
            ? QuantOps.Q_GLOBAL_AVERAGE_POOL
            : QuantOps.Q_AVERAGE_POOL;
    rewriter.replace(
        LowerToQuantized.NAME,
        List.of(y.quantizer(), node, x.dequantizer()),
        build ->
            build.define(
                y.integers(),
                op,
                node.attributes(),
                x.integers(),
                x.scale(),
                x.zeroPoint(),
                y.scale(),
                y.zeroPoint()),
        ErrorContract.lsb(1));
  }

  /** {@code Q(Concat(DQ(x)...))} requantizes each branch, or copies it where parameters agree. */
  static void concat(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    QdqView.Target y = QdqView.onlyTarget(graph, node.output());
    if (y == null) {
      return;
    }
    List<Node> nodes = new ArrayList<>(List.of(y.quantizer(), node));
    List<@Nullable Value> inputs = new ArrayList<>();
    inputs.add(y.scale());
    inputs.add(y.zeroPoint());
    for (int i = 0; i < node.inputs().size(); i++) {
      QdqView.Source x = QdqView.source(graph, node.input(i));
      if (x == null) {
        return;
      }
      nodes.add(x.dequantizer());
      inputs.add(x.integers());
      inputs.add(x.scale());
      inputs.add(x.zeroPoint());
    }
    rewriter.replace(
        LowerToQuantized.NAME,
        nodes.stream().distinct().toList(),
        build ->
            build.node(
                QuantOps.Q_CONCAT,
                Attributes.NONE.with(QConcat.AXIS, node.get(QConcat.AXIS)),
                inputs,
                List.of(y.integers())),
        ErrorContract.bitExact());
  }
}

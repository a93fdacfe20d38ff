package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantStub;
import dev.fixpoint.pass.GraphProperty;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the passes of quantization establish, with the checks. */
public final class QuantProperties {
  /** Every QuantStub has a range. */
  public static final GraphProperty CALIBRATED =
      new GraphProperty(
          "CALIBRATED",
          graph ->
              first(
                  graph,
                  node ->
                      node.calls(QuantOps.QUANT_STUB)
                          && !(node.attributes().has(QuantStub.MIN)
                              && node.attributes().has(QuantStub.MAX)),
                  " has no range"));

  /** No stub is left: each quantizer has its parameters. */
  public static final GraphProperty FAKE_QUANTIZED =
      new GraphProperty(
          "FAKE_QUANTIZED",
          graph -> left(graph, List.of(QuantOps.QUANT_STUB, QuantOps.DEQUANT_STUB)));

  /** No stub and no fake quantizer is left: what is quantized runs on integers. */
  public static final GraphProperty LOWERED =
      new GraphProperty(
          "LOWERED",
          graph ->
              left(
                  graph, List.of(QuantOps.QUANT_STUB, QuantOps.DEQUANT_STUB, QuantOps.FAKE_QUANT)));

  private QuantProperties() {}

  private static Optional<String> left(Graph graph, List<OpDefinition> operators) {
    return first(graph, node -> operators.stream().anyMatch(node::calls), " is left");
  }

  private static Optional<String> first(Graph graph, Predicate<Node> wrong, String problem) {
    return graph.nodes().stream().filter(wrong).findFirst().map(n -> n.describe() + problem);
  }
}

package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes stubs, which are identities, out of a graph. */
final class Stubs {
  private Stubs() {}

  /** Lets the readers of a stub read what the stub reads. Outputs of the graph keep their names. */
  static void drop(String pass, Rewriter rewriter, Node stub) {
    GraphView graph = rewriter.graph();
    Value inner = stub.input(0);
    Node producer = graph.producer(inner);
    if (!graph.isOutput(stub.output()) || producer == null) {
      rewriter.replace(
          pass,
          List.of(stub),
          build -> build.substitute(stub.output(), inner),
          ErrorContract.bitExact());
      return;
    }
    List<Node> nodes = new ArrayList<>(List.of(stub, producer));
    graph.uses(inner).stream()
        .map(Use::node)
        .filter(reader -> reader != stub)
        .distinct()
        .forEach(nodes::add);
    rewriter.replace(
        pass,
        nodes,
        build -> {
          for (Node node : nodes.subList(1, nodes.size())) {
            List<Value> outputs = new ArrayList<>(node.outputs());
            outputs.replaceAll(each -> each == inner ? stub.output() : each);
            List<@Nullable Value> inputs = new ArrayList<>(node.inputs());
            inputs.replaceAll(each -> each == inner ? stub.output() : each);
            build.node(node.op(), node.attributes(), inputs, outputs);
          }
        },
        ErrorContract.bitExact());
  }

  /** A stub with other attributes, such as a range. */
  static void replace(String pass, Rewriter rewriter, Node stub, Attributes attributes) {
    rewriter.replace(
        pass,
        List.of(stub),
        build -> build.define(stub.output(), stub.op(), attributes, stub.input(0)),
        ErrorContract.bitExact());
  }

  /** The name that a value will have when the stubs are gone. */
  static Value without(GraphView graph, Value value) {
    for (Use use : graph.uses(value)) {
      Node reader = use.node();
      if (reader.calls(QuantOps.DEQUANT_STUB) && graph.isOutput(reader.output())) {
        return reader.output();
      }
    }
    return value;
  }
}

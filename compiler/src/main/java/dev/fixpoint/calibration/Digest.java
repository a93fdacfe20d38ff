package dev.fixpoint.calibration;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** A SHA-256 fingerprint of graphs and tensors: equal for equal content, whatever file it is in. */
final class Digest {
  private final MessageDigest sha;

  Digest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Adds a text, with its end marked. */
  Digest add(String text) {
    sha.update(text.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) 0);
    return this;
  }

  /** Adds type, shape and elements of a tensor. */
  Digest add(Tensor tensor) {
    add(tensor.type().toString());
    if (tensor.elementType() == ElementType.STRING) {
      tensor.strings().forEach(this::add);
    } else {
      sha.update(tensor.data().toArray(ValueLayout.JAVA_BYTE));
    }
    return this;
  }

  /** Adds a batch: tensors by input name, in the order of the names. */
  Digest add(Map<String, Tensor> batch) {
    new TreeMap<>(batch).forEach((name, tensor) -> add(name).add(tensor));
    return add("batch");
  }

  /** Adds what a graph computes, names of values included. */
  Digest add(Graph graph) {
    for (Value input : graph.inputs()) {
      add(input.name()).add(graph.type(input).toString());
    }
    for (Node node : graph.nodes()) {
      add(node.opId().toString());
      new TreeMap<>(node.attributes().values()).forEach((name, value) -> add(name).add(value));
      node.inputs().forEach(input -> add(input == null ? "" : input.name()));
      node.outputs().forEach(output -> add(output.name()));
    }
    graph.initializers().forEach((value, tensor) -> add(value.name()).add(tensor));
    graph.outputs().forEach(output -> add(output.name()));
    return add("graph");
  }

  private Digest add(AttributeValue value) {
    switch (value) {
      case AttributeValue.OfTensor tensor -> add(tensor.value());
      case AttributeValue.OfTensors tensors -> tensors.value().forEach(this::add);
      case AttributeValue.OfGraph graph -> addBody(graph.value());
      case AttributeValue.OfGraphs graphs -> graphs.value().forEach(this::addBody);
      case AttributeValue.OfInt _,
          AttributeValue.OfFloat _,
          AttributeValue.OfString _,
          AttributeValue.OfType _,
          AttributeValue.OfInts _,
          AttributeValue.OfFloats _,
          AttributeValue.OfStrings _,
          AttributeValue.OfTypes _ ->
          add(value.content().toString());
    }
    return this;
  }

  private void addBody(Object body) {
    if (!(body instanceof GraphBody ofGraph)) {
      throw new IllegalArgumentException("a subgraph without nodes has no fingerprint");
    }
    add(ofGraph.graph());
  }

  /** The fingerprint in hexadecimal. */
  String hex() {
    return HexFormat.of().formatHex(sha.digest());
  }
}

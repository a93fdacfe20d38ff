package dev.fixpoint.analysis;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Body;
import dev.fixpoint.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of what a graph computes as it is written: inputs, nodes, attributes, constants and
 * names of values, but not documentation, metadata and the order of what has none. The same model
 * in another file format has the same hash.
 */
public final class GraphHash {
  private static final int CHUNK = 1 << 16;

  private final MessageDigest digest;

  private GraphHash(MessageDigest digest) {
    this.digest = digest;
  }

  /** The hash of a graph in hexadecimal digits. */
  public static String of(Graph graph) {
    try {
      GraphHash hash = new GraphHash(MessageDigest.getInstance("SHA-256"));
      hash.add(graph);
      return HexFormat.of().formatHex(hash.digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void add(Graph graph) {
    graph.inputs().forEach(value -> add("input", value.name(), graph.type(value).toString()));
    graph.outputs().forEach(value -> add("output", value.name()));
    Map<String, Tensor> constants = new TreeMap<>();
    graph.initializers().forEach((value, tensor) -> constants.put(value.name(), tensor));
    constants.forEach(
        (name, tensor) -> {
          add("constant", name);
          add(tensor);
        });
    graph.nodes().forEach(this::add);
  }

  private void add(Node node) {
    add("node", node.opId().toString());
    node.inputs().forEach(value -> add("reads", name(value)));
    node.outputs().forEach(value -> add("makes", value.name()));
    new TreeMap<>(node.attributes().values())
        .forEach(
            (name, value) -> {
              add("attribute", name);
              add(value);
            });
  }

  private static String name(@Nullable Value value) {
    return value == null ? "" : value.name();
  }

  private void add(AttributeValue value) {
    switch (value) {
      case AttributeValue.OfTensor tensor -> add(tensor.value());
      case AttributeValue.OfTensors tensors -> tensors.value().forEach(this::add);
      case AttributeValue.OfGraph graph -> add(graph.value());
      case AttributeValue.OfGraphs graphs -> graphs.value().forEach(this::add);
      default -> add(value.getClass().getSimpleName(), value.content().toString());
    }
  }

  private void add(Body body) {
    if (body instanceof GraphBody inner) {
      add(inner.graph());
    } else {
      add("body", body.inputTypes().toString(), body.outputTypes().toString());
    }
  }

  private void add(Tensor tensor) {
    add("tensor", tensor.type().toString());
    if (!tensor.elementType().isNumeric() && tensor.elementType().bits() == 0) {
      tensor.strings().forEach(this::add);
      return;
    }
    var data = tensor.data();
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      digest.update(data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).asByteBuffer());
    }
  }

  /** Adds texts with their lengths, so that no two lists of texts look alike. */
  private void add(String... texts) {
    for (String text : List.of(texts)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
      digest.update((byte) ':');
      digest.update(bytes);
    }
  }
}

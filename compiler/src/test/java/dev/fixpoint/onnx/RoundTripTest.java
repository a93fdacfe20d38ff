package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.SharedData;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.op.OpRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {
  static List<String> networks() {
    return SharedData.NETWORKS;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkComesBackEqual(String network) throws IOException {
    Graph graph = OnnxReader.read(SharedData.path(network));

    assertThat(GraphDifference.between(graph, OnnxReader.read(OnnxWriter.toBytes(graph))))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkComesBackEqualWithoutAnyDefinition(String network) throws IOException {
    OnnxReadOptions options = OnnxReadOptions.DEFAULT.withRegistry(OpRegistry.of(List.of()));
    Graph graph = OnnxReader.read(SharedData.path(network), options);

    Graph back = OnnxReader.read(OnnxWriter.toBytes(graph), options);

    assertThat(GraphDifference.between(graph, back)).isEmpty();
  }

  @Test
  void everyNodeTestComesBackEqual() throws IOException {
    Map<String, String> refused = new TreeMap<>();
    Map<String, String> changed = new TreeMap<>();
    for (Path folder : SharedData.nodeTests()) {
      String name = folder.getFileName().toString();
      try {
        Graph graph = OnnxReader.read(folder.resolve("model.onnx"));
        Graph back = OnnxReader.read(OnnxWriter.toBytes(graph));
        GraphDifference.between(graph, back).ifPresent(text -> changed.put(name, text));
      } catch (ModelException e) {
        refused.put(name, e.getMessage());
      }
    }

    assertThat(changed).isEmpty();
    assertThat(refused).isEmpty();
  }

  @Test
  void theSecondFileIsTheFirst() throws IOException {
    for (String network : SharedData.NETWORKS) {
      byte[] first = OnnxWriter.toBytes(OnnxReader.read(SharedData.path(network)));

      assertThat(OnnxWriter.toBytes(OnnxReader.read(first))).as(network).isEqualTo(first);
    }
  }
}

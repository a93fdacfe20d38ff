package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.SharedData;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.op.OpRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextRoundTripTest {
  static List<String> networks() {
    return SharedData.NETWORKS;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkComesBackEqual(String network) throws IOException {
    Graph graph = OnnxReader.read(SharedData.path(network));

    assertThat(GraphDifference.between(graph, readBack(graph))).isEmpty();
  }

  @Test
  void aNetworkComesBackEqualWithoutAnyDefinition() throws IOException {
    OnnxReadOptions options = OnnxReadOptions.DEFAULT.withRegistry(OpRegistry.of(List.of()));
    for (String network : List.of("digits/digits_vit.onnx", "qat/torch_qat.onnx")) {
      Graph graph = OnnxReader.read(SharedData.path(network), options);

      Graph back = OnnxTextReader.read(network, OnnxTextWriter.toText(graph), options);

      assertThat(GraphDifference.between(graph, back)).as(network).isEmpty();
    }
  }

  @Test
  void everyNodeTestComesBackEqual() throws IOException {
    Map<String, String> changed = new TreeMap<>();
    int read = 0;
    for (Path folder : SharedData.nodeTests()) {
      String name = folder.getFileName().toString();
      Graph graph;
      try {
        graph = OnnxReader.read(folder.resolve("model.onnx"));
      } catch (ModelException e) {
        assertThat(name).isEqualTo("test_scan_sum");
        continue;
      }
      read++;
      try {
        GraphDifference.between(graph, readBack(graph)).ifPresent(text -> changed.put(name, text));
      } catch (ModelException e) {
        changed.put(name, String.valueOf(e.getMessage()));
      }
    }

    assertThat(changed).isEmpty();
    assertThat(read).isGreaterThan(1000);
  }

  /** 3.5 million literals; the tests run with 2 GB of heap. */
  @Test
  void theTextOfMobilenetIsReadInAMinute(@TempDir Path folder) throws IOException {
    Graph graph = OnnxReader.read(SharedData.path("zoo/mobilenet_v2.onnx"));
    Path file = folder.resolve("mobilenet_v2.onnxtxt");
    OnnxTextWriter.write(graph, file);

    assertThat(Runtime.getRuntime().maxMemory()).isLessThanOrEqualTo(2L << 30);
    assertThat(file).isNotEmptyFile();
    Graph back =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> OnnxTextReader.read(file));
    assertThat(GraphDifference.between(graph, back)).isEmpty();
  }

  @Test
  void theSecondTextIsTheFirst() throws IOException {
    for (Path folder : SharedData.nodeTests()) {
      if (folder.endsWith("test_scan_sum")) {
        continue;
      }
      String first = OnnxTextWriter.toText(OnnxReader.read(folder.resolve("model.onnx")));

      assertThat(OnnxTextWriter.toText(OnnxTextReader.read("first", first))).isEqualTo(first);
    }
  }

  private static Graph readBack(Graph graph) {
    return OnnxTextReader.read("graph", OnnxTextWriter.toText(graph));
  }
}

package dev.fixpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The data folder that tests read in place: {@code -Dfixpoint.data}. */
public final class SharedData {
  /** Networks of real use, relative to the folder. */
  public static final List<String> NETWORKS =
      List.of(
          "digits/digits_mlp.onnx",
          "digits/digits_rescnn.onnx",
          "digits/digits_mobile.onnx",
          "digits/digits_vit.onnx",
          "zoo/mobilenet_v2.onnx",
          "zoo/squeezenet1_1.onnx",
          "qat/ort_qdq.onnx",
          "qat/torch_qat.onnx",
          "qat/qonnx_quant.onnx",
          "face/version-RFB-320.onnx");

  private SharedData() {}

  /**
   * A file or folder below the data folder. Where it is missing, a test under CI fails, and one
   * elsewhere is reported as skipped.
   */
  public static Path path(String relative) {
    Path folder = Path.of(System.getProperty("fixpoint.data", "../../shared/data"));
    Path path = folder.resolve(relative);
    if (!Files.exists(path)) {
      String problem =
          "no test data at " + path.toAbsolutePath() + "; set -Dfixpoint.data to its folder";
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        throw new IllegalStateException(problem);
      }
      Assumptions.abort(problem);
    }
    return path;
  }

  /** The folders of ONNX's node tests, sorted by name. */
  public static List<Path> nodeTests() {
    try (Stream<Path> folders = Files.list(path("onnx-node-tests"))) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.fixpoint.examples;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small graphs, as ONNX text, that widely used tools turn into wrong numbers or refuse. */
public final class FailureGraphs {
  /** Names of all graphs. */
  public static final List<String> NAMES =
      List.of(
          "relu-beside-another-reader",
          "gemm-factors",
          "calibration-in-chunks",
          "entropy-with-an-outlier",
          "relu-before-a-symmetric-quantizer",
          "bias-of-two-convolutions",
          "constant-of-two-pads",
          "gemm-with-a-matrix-added",
          "float-weights-between-quantizers",
          "two-pairs-in-a-row",
          "int8-without-a-zero-point",
          "mean-sum-and-product",
          "full-range-bytes",
          "far-beyond-the-range",
          "ties-with-an-odd-zero-point",
          "dynamic-quantization-of-zeros",
          "halves-of-a-step",
          "infinity-in-calibration-data",
          "dead-channel");

  private FailureGraphs() {}

  /** The graph with a name. */
  public static Graph read(String name) {
    return OnnxTextReader.read(name + ".onnxtxt", text(name));
  }

  /** The text of the graph with a name; comments say what it is about. */
  public static String text(String name) {
    String file = "failures/" + name + ".onnxtxt";
    try (InputStream stream = FailureGraphs.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalArgumentException("there is no graph '" + name + "'");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
